/*
 * How machines, offers, costs and errors are written in JSON, without the schemas of that: to print an answer nothing of
 * it has to be checked.
 */
export * from "./failure.ts"
export * from "./launches.ts"
export * from "./model.ts"
export * from "./moment.ts"
export * from "./watching.ts"
