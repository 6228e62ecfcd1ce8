/*
 * How answers and errors are written in JSON: schemas to read them by, and functions that write them. It runs in a browser.
 */
export * from "./changes.ts"
export * from "./changes-of-a-while.ts"
export * from "./doctor.ts"
export * from "./encode.ts"
export * from "./ended.ts"
export * from "./launched.ts"
export * from "./lines.ts"
export * from "./parts.ts"
export * from "./recovered.ts"
export * from "./shapes.ts"
