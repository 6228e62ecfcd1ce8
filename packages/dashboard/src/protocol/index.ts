/*
 * What the server and the page of the dashboard say to each other, beside the inputs and answers of operations. It runs in
 * a browser; a page that imports only its types loads nothing.
 */
export * from "./about.ts"
export * from "./failure.ts"
export * from "./follow.ts"
export * from "./live.ts"
