import { countField, lenient, moneyField, textField, wholeField } from "@anygpu/core/adapter"
import * as z from "zod"
import { mibOf, timeOf, vramOf } from "../values.ts"

/*
 * The wire of the GPU family: requests strict, answers only as far as they are used, with every field as nullish as
 * Fluence may send it and every enum open.
 */

const text = z.string().nullish()
const amount = countField.nullish()
const whole = wholeField.nullish()
const price = moneyField.nullish()
const counted = z.object({ count: amount }).nullish()
const sized = z.object({ count: amount, units: textField("binary unit", (unit) => mibOf(1, unit)).nullish() }).nullish()

/** The ids of machines are UUIDs in every document; another text would lead to another route. */
const Id = z.guid()

/** Whether a text can be the id of a GPU machine. */
export const isId = (id: string): boolean => Id.safeParse(id).success

/** The model of a GPU: what it is, never how many. */
const Model = z.object({ vendor: text, model: text, vram: textField("memory size", vramOf).nullish(), interface: text })
export type Model = z.infer<typeof Model>

const Supply = z.object({ vcpu: counted, memory: sized, storage: sized, gpu_count: whole })
export type Supply = z.infer<typeof Supply>

const Pricing = z.object({ hour: price, upfront_hours: amount, currency: text })
export type Pricing = z.infer<typeof Pricing>

/** A list as it comes: its rows are decoded one by one, so that one bad row costs only itself. */
export const List = z.array(z.unknown())

/** One container plan, and the places where it can be placed. */
export const ContainerPlan = z.object({
  plan: z.object({
    id: z.string().min(1),
    supply: Supply.nullish(),
    gpu_model: Model.nullish(),
    pricing: Pricing.nullish()
  }),
  attributes: z.object({ location: z.array(z.string()).nullish() }).nullish()
})
export type ContainerPlan = z.infer<typeof ContainerPlan>

/** The plans of VMs and of bare metal: model, then number of GPUs, then options. */
export const MachinePlans = z.object({ data: z.array(z.unknown()) })
export const ModelGroup = z.object({ gpu_model: Model.nullish(), availability_by_number: z.array(z.unknown()) })
export const NumberGroup = z.object({ gpu_count: amount, options: z.array(z.unknown()) })

/** One plan of a VM or a bare metal machine: bound to one provider and one place. */
export const Option = z.object({
  id: z.string().min(1),
  location: text,
  vcpu: counted,
  memory: sized,
  storage: sized,
  pricing: Pricing.nullish(),
  os_options: z.array(z.string()).nullish()
})
export type Option = z.infer<typeof Option>

/** A default image; no example of the list is published. */
export const DefaultImage = z.object({ slug: text, name: text, image: z.string().min(1) })

const Name = z.string().regex(/^[a-z0-9](?:[a-z0-9-]{0,23}[a-z0-9])?$/)

const Expose = z
  .strictObject({ port: z.string().regex(/^[1-9]\d{0,4}$/), protocol: z.enum(["tcp", "udp", "http"]).optional() })
  .refine(({ port, protocol }) => protocol !== "http" || port === "80", { message: "http is for port 80 only" })

/** What both a deploy and an update say of a container; only a deploy says which ports. */
const settings = {
  image: z
    .string()
    .min(1)
    .max(255)
    .regex(/^[^A-Z]*$/),
  environment: z
    .array(z.strictObject({ name: z.string().regex(/^[A-Z][A-Z0-9_]*$/), value: z.string() }))
    .max(64)
    .optional(),
  startup_command: z.string().max(2048).optional(),
  credentials: z
    .strictObject({ host: z.enum(["docker.io", "ghcr.io"]), username: z.string().min(1), password: z.string().min(1) })
    .optional()
}

/** Everything that the deploy of a container may say. */
export const DeployContainer = z.strictObject({
  plan_id: z.string().min(1),
  name: Name,
  container_settings: z.strictObject({ ...settings, expose: z.array(Expose).min(1).max(10) }),
  constraints: z.strictObject({ location: z.string().length(2) }).optional(),
  /** One OpenSSH public key as text. */
  ssh_key: z.string().min(1).optional()
})
export type DeployContainer = z.infer<typeof DeployContainer>

/** The whole deployment again, except its ports. */
export const UpdateContainer = z.strictObject({
  name: Name,
  container_settings: z.strictObject(settings),
  ssh_key: z.string().min(1).optional()
})
export type UpdateContainer = z.infer<typeof UpdateContainer>

/** Everything that the deploy of a VM or a bare metal machine says. */
export const DeployMachine = z.strictObject({
  plan_id: z.string().min(1),
  name: Name,
  ssh_key: z.string().min(1),
  os_image: z.string().min(1)
})
export type DeployMachine = z.infer<typeof DeployMachine>

export const RenameBody = z.strictObject({ name: Name })
/** All lines without it; what zero or a negative number means is not documented. */
export const LastQuery = z.strictObject({ last: z.number().int().min(1).optional() })

export const Deployed = z.object({ instance_id: Id })
export const Lines = z.array(z.string())
/** An answer whose shape no document gives. */
export const Anything = z.unknown()
/** 204, no body. */
export const Nothing = z.unknown()

const port = z.union([z.string(), z.number()]).nullish()
const Forwarded = z.object({ port, external_port: port, protocol: text })

/** What machines of all three kinds say alike; a list says less of them. */
const machine = {
  id: Id,
  name: text,
  resources: z.object({ supply: Supply.nullish(), gpu_model: Model.nullish() }).nullish(),
  location: text,
  /** In lists; a single machine has it under `network` in every example. */
  domain: text,
  /** In USDC; rounded, so for display and not for arithmetic. */
  billing: z
    .object({ hourly_usage: price, total_spendings: price, reserved_amount: price, next_billing_period: text })
    .nullish(),
  network: z.object({ domain: text, forwarded_ports: z.array(Forwarded).nullish(), uri: text }).nullish(),
  created_at: textField("time", timeOf).nullish(),
  updated_at: text
}
const Machine = z.object(machine)
export type Machine = z.infer<typeof Machine>

/** A container. */
export const Container = z.object({
  ...machine,
  instance_status: text,
  container_status: text,
  container_info: z
    .object({
      image: text,
      expose: z.array(z.object({ port, protocol: text })).nullish(),
      environment: z.array(z.object({ name: z.string(), value: z.string() })).nullish(),
      startup_command: text
    })
    .nullish()
})
export type Container = z.infer<typeof Container> & {
  /** What the cluster says of one that is not started, oldest first; read by itself and not part of the row. */
  readonly events?: ReadonlyArray<string>
}

/** A container that is read by itself. */
export const OneContainer = lenient(Container)

/** A VM or a bare metal machine. */
export const Vm = z.object({
  ...machine,
  status: text,
  availability: text,
  os_image: text,
  ssh_connection: text,
  ssh_key: text
})
export type Vm = z.infer<typeof Vm>

/** The same, read by itself. */
export const OneVm = lenient(Vm)
