/*
 * The words of all faces for what they show: lengths of time, sizes, what is billed, who ends a machine. Nothing of the SDK is
 * behind them, so that a page takes them too.
 */
export { billingTexts } from "./text/billing-text.ts"
export { durationText } from "./text/duration-text.ts"
export { enderTexts } from "./text/ender-text.ts"
export { shortRef } from "./text/short-ref.ts"
export { sizeText } from "./text/size-text.ts"
