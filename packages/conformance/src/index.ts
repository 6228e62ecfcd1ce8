export { type AdapterContext, adapterContext } from "./adapter-context.ts"
export { ConformanceFailure, NotApplicable } from "./check.ts"
export type { ConformanceTest } from "./conformance-test.ts"
export type { CloudControls, ControlName, Done, Undo } from "./controls.ts"
export {
  type DocumentedCloud,
  type DocumentedDefinition,
  type DocumentedWords,
  documentedCloud,
  type Meaning,
  type PriceOf,
  type WordRow
} from "./documented.ts"
export { type FalseAnswer, type Falsify, falseAnswers } from "./false-answers.ts"
export {
  after,
  answers,
  type FaultEffect,
  type FaultProxy,
  type FaultProxyControls,
  type FaultProxyOptions,
  faultProxy,
  type MachineRequests,
  reset,
  type Send
} from "./fault-proxy.ts"
export { foreignAnswers } from "./foreign-answers.ts"
export {
  type Habit,
  type HabitPlace,
  type HabitWatch,
  habits,
  habitual,
  type WatchedRuns,
  watchHabits,
  withHabit
} from "./habits.ts"
export type { Factory, Harness, SentRequest, Skip, TrueDisk, TrueMachine, VirtualTime, World } from "./harness.ts"
export type { MachineControls } from "./machine-controls.ts"
export { type Mutant, mutants, mutantsOf } from "./mutants/index.ts"
export { oddValues, type Path, placesIn, placeText, putAt, valueAt, wrongType } from "./odd.ts"
export { formatReport } from "./report.ts"
export { othersLate, type Row, type RowPlace, type Rows, rowsAt } from "./row-controls.ts"
export { ConformanceError, type Report, runConformance, runTest, type TestResult, testsFor } from "./run.ts"
export { formatScore, type MutantResult, type Score, scoreMutants } from "./score.ts"
export { type Reply, type Route, type Script, type Scripted, type Sent, scripted } from "./scripted.ts"
export { type SimulatedCloud, type SimulatedRules, type SimulatedWorld, simulatedWorld } from "./simulated-world.ts"
export type { TestContext } from "./test-context.ts"
export { conformanceTests } from "./tests.ts"
