/** The documentation of this release, where people without a copy of the repository find it. */
export const documentation = "https://github.com/cyclops-iac/cyclops/blob/v0.1.0/docs";

/**
 * Address of what to do about an alert.
 *
 * @param page below the folder of the documentation
 * @param section heading on that page
 * @param base address of the folder. @default `documentation`
 */
export const runbook = (page: "runbooks.md" | "concepts/kpis.md", section: string, base: string = documentation): string =>
  `${base.replace(/\/$/, "")}/${page}#${section}`;
