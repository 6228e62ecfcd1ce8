import { jsonText } from "@anygpu/core/adapter"
import * as z from "zod"

/*
 * The wire: requests strict, answers only as far as they are used, with every field as nullish as Vast may send it and
 * every enum open.
 */

const text = z.string().nullish()
const amount = z.number().nullish()

/** One filter of a search, such as `{ gte: 24000 }`. */
const Filter = z.partialRecord(z.enum(["eq", "neq", "gt", "lt", "gte", "lte", "in", "notin"]), z.unknown())

const topLevel = ["type", "limit", "order", "allocated_storage"]

/** A search: filters by field name, and the four top-level keys that are no filters. */
export const SearchBody = z
  .looseObject({
    type: z.enum(["on-demand", "bid", "reserved"]),
    limit: z.number().int().positive(),
    order: z.array(z.tuple([z.string(), z.enum(["asc", "desc"])])),
    /** GB of disk that the prices include. */
    allocated_storage: z.number().positive()
  })
  .superRefine((body, context) => {
    for (const [field, filter] of Object.entries(body)) {
      if (topLevel.includes(field) || Filter.safeParse(filter).success) continue
      context.addIssue({ code: "custom", path: [field], message: "is no filter: write { operator: value }" })
    }
  })

export const SearchAnswer = z.object({ offers: z.array(z.unknown()) })

/** One offer; unknown fields are kept for `native`. */
export const Offer = z.looseObject({
  id: z.number(),
  gpu_name: text,
  num_gpus: amount,
  /** MB of one GPU. */
  gpu_ram: amount,
  cpu_cores_effective: amount,
  /** MB of the whole machine; the offer's share is `gpu_frac` of it. */
  cpu_ram: amount,
  gpu_frac: amount,
  /** GB that can be taken at most. */
  disk_space: amount,
  dph_base: amount,
  dph_total: amount,
  min_bid: amount,
  /** USD per GB and month of 720 hours. */
  storage_cost: amount,
  /** USD per GB. */
  inet_up_cost: amount,
  inet_down_cost: amount,
  reliability: amount,
  reliability2: amount,
  geolocation: text,
  rentable: z.boolean().nullish(),
  rented: z.boolean().nullish()
})
export type Offer = z.infer<typeof Offer>

export const CreateBody = z.strictObject({
  image: z.string().max(1024),
  label: z.string().max(256),
  /** GB. */
  disk: z.number().min(8),
  runtype: z.enum(["ssh_direct", "args"]),
  env: z.record(z.string(), z.string()),
  onstart: z.string().max(4048).optional(),
  args: z.array(z.string()).optional(),
  image_login: z.string().optional(),
  /** The bid in USD per hour; without it the machine is rented on demand. */
  price: z.number().min(0.001).max(128).optional(),
  target_state: z.literal("running"),
  /** Refuse rather than leave a stopped machine that waits for its GPU. */
  cancel_unavail: z.literal(true),
  vm: z.literal(true).optional()
})
export type CreateBody = z.infer<typeof CreateBody>

export const CreateAnswer = z.object({ new_contract: z.union([z.number(), z.string()]) })

export const Empty = z.strictObject({})

export const Success = z.object({ success: z.literal(true), msg: text })

export const ManageBody = z.strictObject({
  state: z.enum(["running", "stopped"]).optional(),
  label: z.string().max(1024).optional()
})

export const BidBody = z.strictObject({ client_id: z.literal("me"), price: z.number().min(0.001) })

export const PrepayBody = z.strictObject({ amount: z.number().positive() })
export const PrepayAnswer = z.object({ success: z.literal(true), timescale: amount, discount_rate: amount })

export const DepositAnswer = z.object({
  success: z.literal(true),
  refundable_deposit: amount,
  total_discount: amount,
  discount_months: amount
})

/** Numbers and flags travel as texts. */
export const LogsBody = z.strictObject({
  tail: z.string().optional(),
  filter: z.string().optional(),
  daemon_logs: z.literal("true").optional()
})

export const ExecuteBody = z.strictObject({ command: z.string().min(1).max(512) })

export const ResultAnswer = z.object({ success: z.literal(true), result_url: text, writeable_path: text, msg: text })

export const ListQuery = z.strictObject({
  limit: z.number().int().min(1).max(25),
  after_token: z.string().optional(),
  order_by: z.array(z.strictObject({ col: z.string(), dir: z.enum(["asc", "desc"]) })).optional(),
  select_cols: z.array(z.string()).optional(),
  select_filters: z.record(z.string(), Filter).optional()
})

export const ListAnswer = z.object({ instances: z.array(z.unknown()).nullish(), next_token: text })

const Binding = z.object({ HostPort: z.union([z.string(), z.number()]).nullish() })

/** One machine. The status fields are open texts: a new word must not break a list. */
export const Instance = z.object({
  id: z.number(),
  label: text,
  actual_status: text,
  intended_status: text,
  cur_state: text,
  next_state: text,
  status_msg: text,
  is_bid: z.boolean().nullish(),
  gpu_name: text,
  num_gpus: amount,
  gpu_ram: amount,
  cpu_cores_effective: amount,
  cpu_ram: amount,
  gpu_frac: amount,
  disk_space: amount,
  dph_total: amount,
  start_date: amount,
  end_date: amount,
  image_uuid: text,
  image_runtype: text,
  ssh_host: text,
  ssh_port: amount,
  public_ipaddr: text,
  geolocation: text,
  country_code: text,
  /** `{"22/tcp": [{"HostPort": "20000"}]}`; one page of the vendor's shows a bare list, which tells nothing. */
  ports: z.union([z.record(z.string(), z.array(Binding).nullish()), z.array(z.unknown())]).nullish()
})
export type Instance = z.infer<typeof Instance>

export const ShowAnswer = z.object({ instances: Instance.nullish() })

/** The key's text has three names in three answers. */
export const Key = z.object({
  id: z.number(),
  name: text,
  key: text,
  public_key: text,
  ssh_key: text,
  deleted_at: text
})
export type Key = z.infer<typeof Key>

export const KeysAnswer = z.union([
  z.array(Key),
  z.object({ ssh_keys: z.array(Key).nullish() }).transform((answer) => answer.ssh_keys ?? [])
])

export const KeyBody = z.strictObject({ ssh_key: z.string().min(1) })
export const CreateKeyAnswer = z.object({ success: z.literal(true), key: Key })

/** An array, or the same array as a JSON text. */
export const InstanceKeysAnswer = z
  .object({ ssh_keys: z.union([jsonText(z.array(Key)), z.array(Key)]).nullish() })
  .transform(({ ssh_keys }) => ssh_keys ?? [])

/** Never the key that this endpoint may send along: it is not read. */
export const UserAnswer = z.object({ id: amount, credit: amount, balance: amount })
