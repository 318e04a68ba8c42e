/** A chart and where it comes from, as Helm takes it: the library's own pinned one, or the user's, on disk or in a repository. */
export function chartSource(
  given: { chart?: string; repository?: string; version?: string },
  own: { chart: string; repository: string; version: string },
) {
  const { chart, repository, version } = given.chart === undefined ? { ...own, ...given } : given;
  return {
    chart: chart ?? own.chart,
    ...(version === undefined ? {} : { version }),
    ...(repository === undefined ? {} : { repositoryOpts: { repo: repository } }),
  };
}
