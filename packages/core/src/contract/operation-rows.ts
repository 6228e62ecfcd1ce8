import type { Kind } from "../model/kind.ts"
import type { LaunchOption } from "../model/launch-spec.ts"
import { launchOptionRows } from "./launch-options.ts"
import type { OptionalOp, RequiredOps, UpdateOption } from "./ops.ts"
import {
  amount,
  argument,
  date,
  duration,
  type Fields,
  listOf,
  nullable,
  number,
  oneOf,
  only,
  optional,
  optionals,
  partOfArgument,
  type Shape,
  text
} from "./shape.ts"

/** What there is to say of one operation of the contract. */
export interface OperationRow {
  /** Whether its first argument is the machine. */
  readonly onMachine: boolean
  /** The shapes of its other arguments, by name; null where the operation judges its one argument itself. */
  readonly takes: Fields | null
}

const account = (takes: Fields = {}): OperationRow => ({ onMachine: false, takes })
const machine = (takes: Fields = {}): OperationRow => ({ onMachine: true, takes })
const judgesItself: OperationRow = { onMachine: false, takes: null }

const { image, env, command, onStart, registry, ports } = launchOptionRows

const changes: { readonly [Name in UpdateOption]: Shape } = {
  name: text,
  image: image.shape,
  env: env.shape,
  command: command.shape,
  onStart: onStart.shape,
  registry: nullable(registry.shape),
  ports: ports.shape,
  closePorts: listOf("port numbers", number)
}

/** The names of everything an update can change. */
export const updateNames: ReadonlyArray<string> = Object.keys(changes)

const ending = { ifBusy: oneOf("wait", "fail"), within: duration, account: oneOf("same"), volumes: oneOf("delete") }
const output = { tail: number, source: oneOf("workload", "host"), containing: text }
const options = (fields: Fields) => ({ options: optional(argument(optionals(fields))) })

const requiredRows: {
  readonly [Op in Exclude<keyof RequiredOps<string, Kind, LaunchOption>, "check">]: OperationRow
} = {
  offers: judgesItself,
  launch: judgesItself,
  get: machine(),
  list: account(),
  terminate: machine(options(ending)),
  recover: account()
}

const optionalRows: { readonly [Op in OptionalOp]: OperationRow } = {
  start: machine(),
  stop: machine(),
  restart: machine(),
  rename: machine({ name: text }),
  update: machine({ changes: partOfArgument(optionals(changes)) }),
  logs: machine(options(output)),
  events: machine(options(output)),
  changeBid: machine({ perHour: amount }),
  scheduleEnd: machine({
    end: nullable(only("an object such as { at: new Date(...) }, or null", { at: date, spent: optional(amount) }))
  }),
  sshKeys: account(),
  addSshKey: account({ publicKey: text, name: optional(text) }),
  removeSshKey: account({ id: text }),
  machineSshKeys: machine(),
  attachSshKey: machine({ publicKey: text }),
  detachSshKey: machine({ id: text }),
  balance: account(),
  images: account(),
  volumes: account()
}

/** Every operation of the contract, once. A further one is a method in `ops.ts` and a row here. */
export const operationRows: Readonly<Record<string, OperationRow>> = { ...requiredRows, ...optionalRows }

/** Every {@link OptionalOp}. */
export const optionalOps = Object.keys(optionalRows) as ReadonlyArray<OptionalOp>
