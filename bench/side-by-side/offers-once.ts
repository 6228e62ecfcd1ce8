/*
 * The same search many times over in one way, in a process of its own, so that what it leaves to the garbage collection
 * is its own too. Tells what one search took as JSON.
 *
 *   offers-once.ts <"sdk" or "hand"> <"all" or "ascii"> <number of offers> <rounds>
 */
import { readPart } from "../cloud-parts.ts"
import { openMarket } from "../market.ts"
import type { Way } from "../once.ts"
import type { Characters, Took } from "./offers.ts"

const warmUps = 10

const [way, characters] = [process.argv[2] as Way, process.argv[3] as Characters]
const [count, rounds] = [Number(process.argv[4]), Number(process.argv[5])]
const { withSdk, byHand } = await readPart("search")
const market = await openMarket(count, "paged", characters)
const search = { sdk: withSdk, hand: byHand }[way](market)
const held = process.memoryUsage.rss()
for (let round = 0; round < warmUps; round++) await search()
const [start, before] = [performance.now(), process.cpuUsage()]
let found = 0
for (let round = 0; round < rounds; round++) found = await search()
const { user, system } = process.cpuUsage(before)
const [wall, cpu] = [(performance.now() - start) / rounds, (user + system) / 1000 / rounds]
const grown = process.resourceUsage().maxRSS * 1024 - held
market.close()
console.log(JSON.stringify({ wall, cpu, grown, found } satisfies Took))
