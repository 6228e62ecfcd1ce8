export { type AdapterBench, adapterBench } from "./adapter-bench.ts"
export type { Bench } from "./bench.ts"
export {
  after,
  answers,
  type Carrier,
  type CarrierOptions,
  type CarrierStrokes,
  carrier,
  type Fate,
  type MachineRequests,
  reset,
  type Send
} from "./carrier.ts"
export { ConformanceFailure, NotApplicable } from "./check.ts"
export type { ConformanceTest } from "./conformance-test.ts"
export { type FalseAnswer, type Falsify, falseAnswers } from "./false-answers.ts"
export { foreignAnswers } from "./foreign-answers.ts"
export type { Factory, Harness, SentRequest, Skip, TrueMachine, VirtualTime, World } from "./harness.ts"
export type { MachineStrokes } from "./machine-strokes.ts"
export { type Mutant, mutants } from "./mutants/index.ts"
export { oddValues, type Path, placesIn, placeText, putAt, valueAt, wrongType } from "./odd.ts"
export { formatReport } from "./report.ts"
export { ConformanceError, type Report, runConformance, runTest, type TestResult, testsFor } from "./run.ts"
export { formatScore, type MutantResult, type Score, scoreMutants } from "./score.ts"
export { type Reply, type Route, type Script, type Scripted, type Sent, scripted } from "./scripted.ts"
export type { Done, StrokeName, Strokes, Undo } from "./strokes.ts"
export { conformanceTests } from "./tests.ts"
