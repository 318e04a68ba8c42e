// The package brings no declarations.
declare module "asl-validator" {
  /** What is wrong with a definition. */
  interface ValidationResult {
    readonly isValid: boolean;
    readonly errorsText: (separator?: string) => string;
  }
  /** Holds a state machine against the specification of the Amazon States Language. */
  export default function validate(definition: unknown, options?: { checkPaths?: boolean; checkArn?: boolean }): ValidationResult;
}
