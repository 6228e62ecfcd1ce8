import type { LaunchOption, OptionalOp } from "@anygpu/core"
import type { Bench } from "./bench.ts"
import type { StrokeName } from "./strokes.ts"

/** One test of the suite. */
export interface ConformanceTest {
  readonly suite: string
  /** `suite: what must hold`; what skips and mutants name. */
  readonly name: string
  /** The strokes without which it cannot run. */
  readonly needs: ReadonlyArray<StrokeName>
  readonly run: (bench: Bench) => Promise<void>
}

/** What a test depends on: it is only there for providers that declare all of it. */
export interface Requirements {
  readonly ops?: ReadonlyArray<OptionalOp>
  readonly options?: ReadonlyArray<LaunchOption>
  readonly needs?: ReadonlyArray<StrokeName>
}

/** A test and what it depends on. */
export interface Entry {
  readonly requires: Requirements
  readonly test: ConformanceTest
}

/** States a suite: its name once, and its tests. */
export const suite =
  (name: string) =>
  (what: string, run: (bench: Bench) => Promise<void>, requires: Requirements = {}): Entry => ({
    requires,
    test: { suite: name, name: `${name}: ${what}`, needs: requires.needs ?? [], run }
  })
