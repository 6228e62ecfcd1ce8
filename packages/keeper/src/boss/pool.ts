import { Pool } from "pg"

/** What pg-boss asks its database by. */
export interface JobDatabase {
  readonly executeSql: (text: string, values?: unknown[]) => Promise<{ rows: Record<string, unknown>[] }>
  readonly close: () => Promise<void>
}

/**
 * Connections for pg-boss.
 *
 * - A client that breaks while it is checked out says so by an event of its own: without a listener that ends the process.
 */
export const openJobDatabase = (url: string, connections: number): JobDatabase => {
  const pool = new Pool({
    ...{ connectionString: url, max: connections, application_name: "anygpu-keeper", connectionTimeoutMillis: 10_000 }
  })
  pool.on("error", () => {})
  pool.on("connect", (client) => client.on("error", () => {}))
  return {
    executeSql: async (text, values) => {
      const answer = await pool.query(text, values)
      // Of several statements at once each has an answer.
      const rows = Array.isArray(answer) ? answer.flatMap((one: typeof answer) => one.rows) : answer.rows
      return { rows }
    },
    close: () => pool.end()
  }
}
