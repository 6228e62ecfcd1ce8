/*
 * What runs operations for programs, which write JSON: the schemas of inputs, and what reads by them.
 */
export { readInput } from "./input/input.ts"
export { inputSchema } from "./input/input-schema.ts"
export { perform } from "./perform.ts"
export { presetsShape } from "./presets/preset-shape.ts"
