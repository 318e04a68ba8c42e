import { ArgumentError, documentOwner, modelDocument, type Orchestration, type Serving, scorerDocument } from "@cyclops/core";
import type { PlatformBinding } from "../args";
import type { ModelPartArgs } from "../model-args";

type Part = Pick<ModelPartArgs, "context" | "model" | "spec">;

/**
 * Bytes of a model document at most: it is an annotation of its pods, of which Kubernetes takes 256 KiB in all.
 * https://kubernetes.io/docs/concepts/overview/working-with-objects/annotations/
 */
const maxBytes = 240 * 1024;

/**
 * Text of the model document on this target.
 *
 * @throws ArgumentError for one that is too large for a pod
 */
export function modelDocumentText(
  part: Part,
  binding: PlatformBinding,
  serving: Serving | null,
  orchestration: Orchestration | null,
): string {
  const document = modelDocument({ ...documentOwner(part, binding, "onprem"), serving, orchestration });
  // Argo takes two braces for the start of a variable. Outside of texts JSON never has two.
  const text = JSON.stringify(document).replaceAll("{{", "{\\u007b");
  const bytes = Buffer.byteLength(text);
  if (bytes > maxBytes) {
    throw new ArgumentError(
      `models.${part.model}`,
      `is ${Math.ceil(bytes / 1024)} KiB as a document, and a pod on Kubernetes takes ${maxBytes / 1024} KiB.`,
      "Declare fewer columns in data.schema, or fewer values in `allowed`: what is not declared is not checked, and works all the same.",
    );
  }
  return text;
}

/** Text of the scorer's document on this target. */
export const scorerDocumentText = (part: Part, binding: PlatformBinding): string =>
  JSON.stringify(scorerDocument(documentOwner(part, binding, "onprem")));
