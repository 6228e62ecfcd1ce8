/*
 * What makes the simulator of each cloud, by the cloud's name. A cloud more is a line more.
 */
export { createFluenceSimulator as fluence } from "./fluence/index.ts"
export { createHuddleSimulator as huddle } from "./huddle/index.ts"
export { createLambdaSimulator as lambda } from "./lambda/index.ts"
export { createRunpodSimulator as runpod } from "./runpod/index.ts"
export { createShadeformSimulator as shadeform } from "./shadeform/index.ts"
export { createVastSimulator as vast } from "./vast/index.ts"
export { createVerdaSimulator as verda } from "./verda/index.ts"
