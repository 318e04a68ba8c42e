/**
 * Where the provider declares a resource: `ForceNew` or `RequiresReplace` beside a property is what makes it immutable.
 *
 * @param file below `internal/service`, without `.go`
 */
export const source = (file: string) =>
  `https://github.com/hashicorp/terraform-provider-aws/blob/main/internal/service/${file}.go`;
