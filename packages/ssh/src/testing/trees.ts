/*
 * Compares random trees with random rules with what git makes of them, and prints the sums as JSON.
 *
 *   node --conditions=anygpu-source packages/ssh/src/testing/trees.ts <trees> <seed>
 */
import { againstGit } from "./ignored-trees.ts"

const [trees, seed] = process.argv.slice(2).map(Number)
console.log(JSON.stringify(await againstGit(trees ?? 900, seed)))
