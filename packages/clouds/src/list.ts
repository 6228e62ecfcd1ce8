/*
 * The clouds, by the names in refs and options, in the order in which people read them. A cloud more is a line more.
 */
export { cloud as fluence } from "@anygpu/fluence/cloud"
export { cloud as huddle } from "@anygpu/huddle/cloud"
export { cloud as lambda } from "@anygpu/lambda/cloud"
export { cloud as runpod } from "@anygpu/runpod/cloud"
export { cloud as shadeform } from "@anygpu/shadeform/cloud"
export { cloud as vast } from "@anygpu/vast/cloud"
export { cloud as verda } from "@anygpu/verda/cloud"
