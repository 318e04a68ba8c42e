// The components of Google Cloud are not built yet; see README.md of this package.
export {};
