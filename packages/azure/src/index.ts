// The components of Azure are not built yet; see README.md of this package.
export {};
