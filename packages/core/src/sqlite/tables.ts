import type { Tables } from "../ledger/store.ts"
import { accountRows } from "./accounts.ts"
import { budgetRows } from "./budgets.ts"
import { claimRows } from "./claims.ts"
import type { Connection } from "./connection.ts"
import { failureRows } from "./failures.ts"
import { historyRows } from "./history.ts"
import { keeperRows } from "./keepers.ts"
import { launchRows } from "./launches.ts"
import { machineRows } from "./machines.ts"
import { orderRows } from "./orders.ts"
import { priceRows } from "./prices.ts"
import { runRows } from "./runs.ts"

/** All tables of an open file. */
export const tablesIn = (connection: Connection): Omit<Tables, "now"> => ({
  launches: launchRows(connection),
  machines: machineRows(connection),
  budgets: budgetRows(connection),
  failures: failureRows(connection),
  runs: runRows(connection),
  orders: orderRows(connection),
  history: historyRows(connection),
  accounts: accountRows(connection),
  claims: claimRows(connection),
  keepers: keeperRows(connection),
  prices: priceRows(connection)
})
