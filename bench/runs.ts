/*
 * Runs on simulated clouds and machines, in virtual time, from a seed: machines that are taken or fall silent, connections
 * that drop, a computer without a network, processes that are killed at any step, two processes at once. Every command has to
 * run as its retry contract says, every result has to come home, no machine may be left, and the limits must hold.
 *
 *   runs.ts [--runs 1000] [--seed 1] [--story]
 *
 * It prints the seeds that went wrong; `--runs 1 --seed <n> --story` shows one again.
 */
import { spawnSync } from "node:child_process"

const script = new URL("../packages/ssh/src/run/testing/main.ts", import.meta.url).pathname
const { status } = spawnSync(process.execPath, ["--conditions=anygpu-source", script, ...process.argv.slice(2)], {
  stdio: "inherit"
})
process.exit(status ?? 1)
