/*
 * Reports without a server: what was compared, or what a GPU has cost, as one file with charts that asks no network. They are
 * drawn by what the page draws with.
 */
export { compareReport } from "./compare-report.ts"
export { marketReport } from "./market-report.ts"
