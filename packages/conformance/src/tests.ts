import type { AnyProvider } from "@anygpu/core"
import type { ConformanceTest, Entry, Requirements } from "./conformance-test.ts"
import { absenceSuite } from "./suites/absence.ts"
import { accountSuite } from "./suites/account.ts"
import { actionSuite } from "./suites/actions.ts"
import { bidSuite } from "./suites/bids.ts"
import { bootSuite, outcomeSuite } from "./suites/boot.ts"
import { capabilitySuite } from "./suites/capabilities.ts"
import { clockSuite } from "./suites/clock.ts"
import { diskSuite } from "./suites/disks.ts"
import { endSuite } from "./suites/ends.ts"
import { errorSuite } from "./suites/errors.ts"
import { factorySuite } from "./suites/factory.ts"
import { failureSuite } from "./suites/failure.ts"
import { hostileSuite } from "./suites/hostile.ts"
import { launchSuite } from "./suites/launch.ts"
import { lifecycleSuite } from "./suites/lifecycle.ts"
import { moneySuite } from "./suites/money.ts"
import { oddSuite } from "./suites/odd-rows.ts"
import { oddValuesSuite } from "./suites/odd-values.ts"
import { offerFilterSuite } from "./suites/offer-filters.ts"
import { offerSuite } from "./suites/offers.ts"
import { outputSuite } from "./suites/output.ts"
import { ownEndSuite } from "./suites/own-end.ts"
import { getSuite, listSuite } from "./suites/reading.ts"
import { refusalSuite } from "./suites/refusals.ts"
import { restartSuite } from "./suites/restart.ts"
import { revokedSuite } from "./suites/revoked.ts"
import { safeLaunchSuite } from "./suites/safe-launch.ts"
import { terminateSuite } from "./suites/terminate.ts"
import { twoAccountsSuite } from "./suites/two-accounts.ts"

const suites = (provider: AnyProvider): ReadonlyArray<Entry> => [
  ...capabilitySuite(provider),
  ...factorySuite,
  ...offerSuite,
  ...offerFilterSuite,
  ...launchSuite,
  ...refusalSuite(provider),
  ...safeLaunchSuite,
  ...lifecycleSuite,
  ...bootSuite,
  ...outcomeSuite,
  ...getSuite,
  ...listSuite,
  ...terminateSuite,
  ...endSuite,
  ...absenceSuite,
  ...oddSuite,
  ...oddValuesSuite,
  ...actionSuite,
  ...bidSuite,
  ...ownEndSuite,
  ...diskSuite,
  ...outputSuite,
  ...accountSuite,
  ...errorSuite,
  ...failureSuite,
  ...hostileSuite,
  ...moneySuite,
  ...restartSuite,
  ...clockSuite,
  ...twoAccountsSuite,
  ...revokedSuite
]

const declares = (provider: AnyProvider, { ops = [], options = [] }: Requirements): boolean =>
  ops.every((op) => provider.capabilities.has(op)) && options.every((option) => provider.launchOptions.has(option))

/**
 * The tests that a provider has to pass, chosen by what it declares.
 *
 * - What is declared has to work; for each optional operation and launch option that is not, there is a test that it
 *   is refused without a request.
 */
export const conformanceTests = (provider: AnyProvider): ReadonlyArray<ConformanceTest> =>
  suites(provider)
    .filter(({ requires }) => declares(provider, requires))
    .map(({ test }) => test)
