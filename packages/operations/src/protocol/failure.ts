/*
 * How errors are written in JSON, and what a script makes of them. It loads neither the SDK nor schemas, as it reports
 * what went wrong before either was there.
 */
export * from "./errors.ts"
export * from "./exit-codes.ts"
