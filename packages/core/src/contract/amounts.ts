import type { Issue } from "../errors.ts"
import type { Money } from "../model/money.ts"

const moneyProblem = (amount: Money): string | null =>
  Number.isSafeInteger(amount.micros) && amount.micros >= 0
    ? null
    : `must be an amount of zero or more, made by money(); it has ${amount.micros} micros`

/** Whether a value is an amount of money that can be a limit. */
export const checkMoney = (path: string, amount: Money | undefined): ReadonlyArray<Issue> => {
  const problem = amount === undefined ? null : moneyProblem(amount)
  return problem === null ? [] : [{ path, problem }]
}

/** Whether a value, if it is there, is a finite number from `least` on. */
export const checkNumber = (path: string, value: number | undefined, least: number, whole = true): Issue[] =>
  value === undefined || (Number.isFinite(value) && value >= least && (!whole || Number.isInteger(value)))
    ? []
    : [{ path, problem: `must be a ${whole ? "whole " : ""}number of at least ${least}, not ${value}` }]
