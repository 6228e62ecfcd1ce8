import { countField, lenient, moneyField, portField, secondsField, shareField, wholeField } from "@anygpu/core/adapter"
import * as z from "zod"
import { ContractId, Id } from "./ids.ts"
import { namesPorts, Ports } from "./wire-ports.ts"

export * from "./wire-keys.ts"

// The wire: requests strict, answers only as far as they are used, with every field as nullish as Vast may send it and
// every enum open.

const text = z.string().nullish()
const amount = z.number().nullish()
const count = countField.nullish()
const money = moneyField.nullish()

/** One filter of a search, such as `{ gte: 24000 }`. */
const Filter = z.partialRecord(z.enum(["eq", "neq", "gt", "lt", "gte", "lte", "in", "notin"]), z.unknown())

const topLevel = ["type", "limit", "order", "allocated_storage"]

/** A search: filters by field name, and the four top-level keys that are no filters. */
export const SearchBody = z
  .looseObject({
    /** Both spellings of on demand are in use. */
    type: z.enum(["on-demand", "ondemand", "bid", "reserved"]).optional(),
    limit: z.number().int().positive().optional(),
    order: z.array(z.tuple([z.string(), z.enum(["asc", "desc"])])).optional(),
    /** GB of disk that the prices include. */
    allocated_storage: z.number().positive().optional()
  })
  .superRefine((body, context) => {
    for (const [field, filter] of Object.entries(body)) {
      if (topLevel.includes(field) || Filter.safeParse(filter).success) continue
      context.addIssue({ code: "custom", path: [field], message: "is no filter: write { operator: value }" })
    }
  })

export const SearchAnswer = z.object({ offers: z.array(z.unknown()) })

/** What offers and machines say alike of what they are made of. */
const hardware = {
  gpu_name: text,
  num_gpus: wholeField.nullish(),
  /** MB of one GPU. */
  gpu_ram: count,
  cpu_cores_effective: count,
  /** MB of the whole machine; its own share is `gpu_frac` of it. */
  cpu_ram: count,
  gpu_frac: shareField.nullish(),
  /** GB: of an offer what can be taken at most, of a machine what was taken. */
  disk_space: count
}

/** One offer. There are thousands, and all of each is shown: none is copied to leave out what is not used. */
export const Offer = z.looseObject({
  id: Id,
  ...hardware,
  /** What is rented out; `gpu` in every documented answer. */
  resource_type: text,
  dph_base: money,
  dph_total: money,
  min_bid: money,
  /** USD per GB and month of 720 hours. */
  storage_cost: money,
  /** USD per GB. */
  inet_up_cost: money,
  inet_down_cost: money,
  reliability: shareField.nullish(),
  reliability2: shareField.nullish(),
  geolocation: text,
  /** The physical machine, whose offers are parts of it, and who rents it out. */
  machine_id: amount,
  host_id: amount,
  /** 1 in a data centre, 0 elsewhere. */
  hosting_type: amount,
  direct_port_count: amount,
  /** The newest CUDA that the driver takes, 12.8; a hundred times the compute capability, 890; Mb/s. */
  cuda_max_good: amount,
  compute_cap: amount,
  inet_up: amount,
  inet_down: amount,
  rentable: z.boolean().nullish(),
  rented: z.boolean().nullish()
})
export type Offer = z.infer<typeof Offer>

const runtypes = ["ssh", "ssh_proxy", "ssh_direct", "jupyter", "jupyter_proxy", "jupyter_direct", "args"] as const

/** Everything that a create may say. */
export const CreateBody = z
  .strictObject({
    image: z.string().min(1).max(1024).optional(),
    template_hash_id: z.string().optional(),
    template_id: z.number().int().optional(),
    label: z.string().max(256).optional(),
    /** GB, fixed for the machine's life. */
    disk: z.number().min(8).optional(),
    runtype: z.enum(runtypes).optional(),
    /** Variables, and Docker's flags as names: `"-p 8000:8000": "1"`. */
    env: z.record(z.string(), z.string()).optional(),
    /** Runs when the machine is up; with the runtype `args` it replaces the entrypoint. */
    onstart: z.string().max(4048).optional(),
    args: z.array(z.string()).optional(),
    args_str: z.string().optional(),
    image_login: z.string().optional(),
    /** The bid in USD per hour; without it the machine is rented on demand. */
    price: z.number().min(0.001).max(128).optional(),
    target_state: z.enum(["running", "stopped"]).optional(),
    /** Refuse rather than leave a stopped machine that waits for its GPU. */
    cancel_unavail: z.boolean().optional(),
    vm: z.boolean().optional(),
    user: z.string().optional(),
    use_jupyter_lab: z.boolean().optional(),
    jupyter_dir: z.string().optional(),
    python_utf8: z.boolean().optional(),
    lang_utf8: z.boolean().optional(),
    force: z.boolean().optional(),
    volume_info: z
      .strictObject({
        create_new: z.boolean().optional(),
        volume_id: z.number().int(),
        size: z.number().positive().optional(),
        mount_path: z.string(),
        name: z.string().optional()
      })
      .optional(),
    client_id: z.literal("me").optional()
  })
  .refine(({ image, template_hash_id, template_id }) => image ?? template_hash_id ?? template_id, {
    message: "needs an image or a template"
  })
export type CreateBody = z.infer<typeof CreateBody>

export const CreateAnswer = z.object({ new_contract: ContractId })

export const Empty = z.strictObject({})

const success = z.literal(true)
export const Success = lenient(z.object({ success, msg: text }), null)

export const ManageBody = z
  .strictObject({
    state: z.enum(["running", "stopped"]).optional(),
    label: z.string().max(1024).optional()
  })
  .refine(({ state, label }) => state !== undefined || label !== undefined, { message: "needs a state or a label" })

export const BidBody = z.strictObject({ client_id: z.literal("me"), price: z.number().min(0.001) })

export const PrepayBody = z.strictObject({ amount: z.number().positive() })
export const PrepayAnswer = lenient(z.object({ success, timescale: amount, discount_rate: amount }), null)

const deposit = { refundable_deposit: amount, total_discount: amount, discount_months: amount }
export const DepositAnswer = lenient(z.object({ success, ...deposit }), null)

/** Numbers and flags travel as texts. */
export const LogsBody = z.strictObject({
  tail: z.string().optional(),
  filter: z.string().optional(),
  daemon_logs: z.literal("true").optional()
})

export const ExecuteBody = z.strictObject({ command: z.string().min(1).max(512) })

/** Where a result is read: both names have been seen, `temp_download_url` for an address that is signed. */
export const ResultAnswer = lenient(
  z.object({ success, result_url: text, temp_download_url: text, writeable_path: text, msg: text }),
  null
)

export const ListQuery = z.strictObject({
  limit: z.number().int().min(1).max(25),
  after_token: z.string().optional(),
  order_by: z.array(z.strictObject({ col: z.string(), dir: z.enum(["asc", "desc"]) })).optional(),
  select_cols: z.array(z.string()).optional(),
  select_filters: z.record(z.string(), Filter).optional()
})

/**
 * Null is an empty list where the answer has anything else of a list: by itself it is what "show instance" answers. An
 * answer without `instances` is no list, and never an empty account. `total_instances` counts all pages.
 */
export const ListAnswer = z
  .object({
    instances: z.array(z.unknown()).nullable(),
    next_token: text,
    instances_found: amount.catch(undefined),
    total_instances: amount.catch(undefined)
  })
  .refine(({ instances, ...more }) => instances !== null || Object.values(more).some((field) => field !== undefined), {
    path: ["instances"]
  })

/** One machine. The status fields are open texts: a new word must not break a list. */
export const Instance = z.object({
  id: Id,
  label: text,
  actual_status: text,
  intended_status: text,
  cur_state: text,
  next_state: text,
  status_msg: text,
  is_bid: z.boolean().nullish(),
  ...hardware,
  dph_total: money,
  start_date: secondsField.nullish(),
  end_date: secondsField.nullish(),
  image_uuid: text,
  image_runtype: text,
  ssh_host: text,
  ssh_port: portField.nullish(),
  public_ipaddr: text,
  geolocation: text,
  country_code: text,
  /** `{"22/tcp": [{"HostPort": "20000"}]}`; one page of the vendor's shows a bare list, which says nothing. */
  ports: Ports.nullish(),
  /** -1 when no port is open from outside. */
  direct_port_start: amount,
  /** Pairs of names and values, a secret each: only whether a port is among the names is kept. */
  extra_env: namesPorts
})
export type Instance = z.infer<typeof Instance>

/** Null is a machine that is gone; an answer without `instances` says nothing. */
export const ShowAnswer = z.object({ instances: lenient(Instance).nullable() })

/** Never the key that this endpoint may send along: it is not read. */
const credit = z.number().min(-9_000_000_000).max(9_000_000_000).nullish()

export const UserAnswer = lenient(z.object({ id: amount, credit, balance: credit }), null)
