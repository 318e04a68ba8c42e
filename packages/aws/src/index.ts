// The components of AWS are not built yet; see README.md of this package.
export {};
