"""What a scorer is measured beside: uvicorn with one scikit-learn model, opened by skops, and nothing else.

Arguments: the model file, the types that it may hold as JSON, the port.
"""

import json
import sys

import pandas
import skops.io
import uvicorn
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

model = skops.io.load(sys.argv[1], trusted=json.loads(sys.argv[2]))


async def predict(request: Request) -> JSONResponse:
    """Probabilities of the rows in the body, a list of objects."""
    return JSONResponse(model.predict_proba(pandas.DataFrame(await request.json())).tolist())


async def ready(request: Request) -> Response:
    """200: the model was loaded before the server began to listen."""
    return Response()


uvicorn.run(
    Starlette(routes=[Route("/invocations", predict, methods=["POST"]), Route("/readyz", ready)]),
    host="127.0.0.1",
    port=int(sys.argv[3]),
    log_level="warning",
)
