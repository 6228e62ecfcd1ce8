import { audit } from "./audit.ts"
import { balance } from "./balance.ts"
import { addKey, removeKey } from "./change-keys.ts"
import { compare } from "./compare.ts"
import { copy } from "./copy.ts"
import { cost } from "./cost.ts"
import { doctor } from "./doctor.ts"
import { exec } from "./exec.ts"
import { extend } from "./extend.ts"
import { forward } from "./forward.ts"
import { images } from "./images.ts"
import { keepPool } from "./keep-pool.ts"
import { keys } from "./keys.ts"
import { launch } from "./launch.ts"
import { list } from "./list.ts"
import { events, logs } from "./logs.ts"
import { marketRecord } from "./market-record.ts"
import { marketShow } from "./market-show.ts"
import { notebook } from "./notebook.ts"
import { offers } from "./offers.ts"
import type { Operation } from "./operation.ts"
import { cancelOrder, orderLaunch, orders } from "./order.ts"
import { pool } from "./pool.ts"
import { restart, start, stop } from "./power.ts"
import { presets } from "./presets.ts"
import { quote } from "./quote.ts"
import { recover } from "./recover.ts"
import { rename } from "./rename.ts"
import { attach, jobs, runJob, stopJob } from "./run-job.ts"
import { show } from "./show.ts"
import { spent } from "./spent.ts"
import { ssh } from "./ssh.ts"
import { sshConfig } from "./ssh-config.ts"
import { sweep } from "./sweep.ts"
import { terminate } from "./terminate.ts"
import { update } from "./update.ts"
import { verify } from "./verify.ts"
import { volumes } from "./volumes.ts"
import { watch } from "./watch.ts"

/** Every operation, in the order in which people look for them. */
export const operations: ReadonlyArray<Operation> = [
  ...[offers, compare, images, cost, quote, presets, marketShow, marketRecord],
  ...[launch, orderLaunch, orders, cancelOrder, pool, keepPool, runJob, jobs, attach, stopJob],
  ...[terminate, extend, start, stop, restart, rename, update],
  ...[list, show, watch, ssh, exec, copy, verify, forward, notebook, sshConfig, logs, events],
  ...[balance, volumes, spent, keys, addKey, removeKey, audit, recover, sweep, doctor]
]
