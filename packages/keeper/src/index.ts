export type { JobPlace } from "./boss/engine.ts"
export type { Health, Listen } from "./http.ts"
export { type Keeper, type KeeperOptions, startKeeper } from "./keeper.ts"
export { jsonLog, type Log, type LogLevel } from "./log.ts"
