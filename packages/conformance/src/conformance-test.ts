import type { LaunchOption, OptionalOp } from "@anygpu/core"
import type { ControlName } from "./controls.ts"
import type { TestContext } from "./test-context.ts"

/** One test of the suite. */
export interface ConformanceTest {
  readonly suite: string
  /** `suite: what must hold`; what skips and mutants name. */
  readonly name: string
  /** The controls without which it cannot run. */
  readonly needs: ReadonlyArray<ControlName>
  /** No machine is part of it, so that it ends alike under every habit: a run under one leaves it out. */
  readonly anyHabit: boolean
  readonly run: (context: TestContext) => Promise<void>
}

/** What a test depends on: it is only there for providers that declare all of it. */
export interface Requirements {
  readonly ops?: ReadonlyArray<OptionalOp>
  readonly options?: ReadonlyArray<LaunchOption>
  readonly needs?: ReadonlyArray<ControlName>
  /** No machine is part of it. */
  readonly anyHabit?: boolean
}

/** A test and what it depends on. */
export interface Entry {
  readonly requires: Requirements
  readonly test: ConformanceTest
}

/** States a suite: its name once, what holds for all its tests, and its tests. */
export const suite =
  (name: string, all: Pick<Requirements, "anyHabit"> = {}) =>
  (what: string, run: (context: TestContext) => Promise<void>, requires: Requirements = {}): Entry => ({
    requires,
    test: {
      ...{ suite: name, name: `${name}: ${what}`, needs: requires.needs ?? [], run },
      anyHabit: requires.anyHabit ?? all.anyHabit ?? false
    }
  })
