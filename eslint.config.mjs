// Only what biome cannot see, because it needs types: Outputs in strings, forgotten promises, forgotten union members,
// and the walls between packages. Everything else is biome's. Run by scripts/eslint.mjs, one package at a time.
import { parser, plugin } from "typescript-eslint";

const providers = ["aws", "gcp", "azure", "onprem"];

// The root of a cloud SDK pulls in the types of every service: seconds and hundreds of megabytes per compilation.
// Kubernetes' SDK is not among them: its modules refer to each other, so its root costs no more than a part of it.
const sdkRoots = ["aws", "azure-native", "gcp"].map((sdk) => ({
  regex: `^@pulumi/${sdk}$`,
  message: `Import a submodule, e.g. "@pulumi/${sdk}/<module>": the root loads every service.`,
}));
const insides = { regex: "^@cyclops/[^/]+/(src|dist)(/|$)", message: "Import what the package exports, not its files." };

const walls = (name) => {
  if (name === "core") return [{ regex: "^@pulumi/(?!pulumi($|/))", message: "core knows no cloud." }];
  if (!providers.includes(name)) return [];
  const others = providers.filter((other) => other !== name).join("|");
  return [{ regex: `^@cyclops/(${others})($|/)`, message: "A provider never depends on another provider." }];
};

const restrictedImports = (...patterns) => ["error", { patterns }];

export default [
  { ignores: ["**/dist/**", "**/node_modules/**"] },
  {
    files: ["packages/*/src/**/*.ts", "packages/*/test/**/*.ts", "examples/**/*.ts"],
    languageOptions: { parser, parserOptions: { projectService: true, tsconfigRootDir: import.meta.dirname } },
    plugins: { "@typescript-eslint": plugin },
    linterOptions: { reportUnusedDisableDirectives: "error" },
    rules: {
      "@typescript-eslint/no-base-to-string": "error",
      "@typescript-eslint/restrict-template-expressions": ["error", { allowNumber: true, allowBoolean: true }],
      "@typescript-eslint/no-floating-promises": "error",
      "@typescript-eslint/no-misused-promises": "error",
      "@typescript-eslint/await-thenable": "error",
      "@typescript-eslint/switch-exhaustiveness-check": ["error", { considerDefaultExhaustiveForUnions: true }],
      "no-restricted-imports": restrictedImports(...sdkRoots, insides),
      "no-restricted-syntax": [
        "error",
        {
          selector: "CallExpression[callee.property.name='apply'] > :function NewExpression[callee.type='MemberExpression']",
          message: "A resource made inside apply is missing from the preview: decide from plain data instead.",
        },
      ],
    },
  },
  ...["core", ...providers].map((name) => ({
    files: [`packages/${name}/src/**/*.ts`],
    rules: { "no-restricted-imports": restrictedImports(...sdkRoots, insides, ...walls(name)) },
  })),
];
