import type { Machine } from "./machine.ts"
import { diskPerHour, holdersOf, minBidOf } from "./market.ts"
import { round } from "./offer.ts"
import type { World } from "./world.ts"

/** A wire row of an instance. */
export type InstanceRow = Readonly<Record<string, unknown>>

/**
 * Columns stored on the contract, by which a list can be filtered and ordered.
 *
 * - Computed ones (`dph_total`, `num_gpus`) are a 400. Source: Vast docs, GET /api/v1/instances/, select_filters. The
 *   document names the first five "and other columns stored directly on the contract record"; the rest is the mild guess.
 */
export const storedColumns: ReadonlySet<string> = new Set([
  ...["actual_status", "gpu_name", "verification", "id", "label"],
  ...["intended_status", "cur_state", "next_state", "status_msg", "machine_id", "host_id", "bundle_id"],
  ...[
    "image_uuid",
    "image_runtype",
    "template_id",
    "template_hash_id",
    "start_date",
    "end_date",
    "is_bid",
    "disk_space"
  ]
])

/** Columns of an offer that an instance row repeats under the same name. */
const offerColumns = [
  ...["machine_id", "host_id", "bundle_id", "hosting_type", "logo", "webpage", "verification"],
  ...["cpu_arch", "cpu_cores", "cpu_cores_effective", "cpu_name", "cpu_ram", "mobo_name", "os_version", "pci_gen"],
  ...["gpu_name", "gpu_arch", "gpu_ram", "gpu_frac", "gpu_lanes", "gpu_mem_bw", "bw_nvlink", "num_gpus", "pcie_bw"],
  ...["inet_up", "inet_down"],
  ...["disk_name", "disk_bw", "direct_port_count", "static_ip", "public_ipaddr", "geolocation", "reliability2"],
  ...["dlperf", "total_flops", "credit_discount_max", "time_remaining", "time_remaining_isbid"]
] as const

/** The port map of a running machine, null otherwise; it may lag behind running. Source: Vast docs, v1 list, `ports`. */
const portsOf = (world: World, machine: Machine) => {
  const { actual } = machine.status
  if (actual !== "running" || machine.runningSince === null) return null
  if (world.state.at < machine.runningSince + world.timeline.ports) return null
  const reach = world.reach(machine.id)
  return Object.fromEntries(
    Object.entries(machine.ports).map(([port, host]) => {
      const isSsh = port === "22/tcp" && reach !== undefined && reach !== null
      return [port, [{ HostIp: "0.0.0.0", HostPort: isSsh ? String(reach.port) : host }]]
    })
  )
}

/** Where its ssh is: the vendor's proxy, or where it truly answers, which is its host's address too. */
const sshOf = (world: World, { id, sshIndex, sshPort }: Machine) => {
  const reach = world.reach(id)
  if (reach === undefined) return { ssh_host: `ssh${sshIndex}.vast.ai`, ssh_port: sshPort }
  if (reach === null) return { ssh_host: null, ssh_port: null, public_ipaddr: null }
  return { ssh_host: reach.host, ssh_port: reach.port, public_ipaddr: reach.host }
}

const pricesOf = (machine: Machine) => {
  const disk = diskPerHour(machine.storageCost, machine.disk)
  const total = machine.price + disk
  const charged = machine.status.actual === "running" ? machine.price : 0
  const costs = (gpu: number) => ({
    gpuCostPerHour: gpu,
    diskHour: disk,
    totalHour: gpu + disk,
    discountTotalHour: 0,
    discountedTotalPerHour: gpu + disk
  })
  return { disk, total, search: costs(machine.price), instance: costs(charged) }
}

const templateNameOf = ({ state }: World, { workload }: Machine): unknown =>
  state.templates.find(({ hash }) => hash === workload.templateHash)?.content.name ?? null

/**
 * The wire row of a machine. Source: Vast docs, GET /api/v0/instances/{id}/ and GET /api/v1/instances/, their schemas.
 *
 * - `offline` is computed here from the host; the stored status stays underneath.
 * - `ssh_host` and `ssh_port` are the vendor's proxy and always set; `ports` only while running.
 */
export const instanceRow = (world: World, machine: Machine): InstanceRow => {
  const offer = world.offers.get(machine.offerId)
  const fixed = offer?.fixed ?? {}
  const prices = pricesOf(machine)
  const running = machine.status.actual === "running"
  const now = world.state.at
  const copied = Object.fromEntries(offerColumns.map((column) => [column, fixed[column] ?? null]))
  return {
    id: machine.id,
    actual_status: machine.offlineSince === null ? machine.status.actual : "offline",
    intended_status: machine.status.intended,
    cur_state: machine.status.cur,
    next_state: machine.status.next,
    label: machine.label,
    status_msg: machine.status.message,
    template_id: machine.workload.templateId,
    template_hash_id: machine.workload.templateHash,
    template_name: templateNameOf(world, machine),
    image_uuid: machine.workload.image,
    image_args: machine.workload.args,
    image_runtype: machine.workload.runtype,
    extra_env: machine.workload.env,
    onstart: machine.workload.onstart,
    jupyter_token: machine.jupyterToken,
    ...copied,
    local_ipaddrs: `10.2.${machine.id % 250}.31 172.17.0.1 \n`,
    ...sshOf(world, machine),
    ssh_idx: String(machine.sshIndex),
    machine_dir_ssh_port: 5300 + (machine.offerId % 1000),
    ports: portsOf(world, machine),
    direct_port_start: machine.directPortStart,
    direct_port_end: machine.directPortStart < 0 ? -1 : machine.directPortStart + Object.keys(machine.ports).length - 1,
    start_date: machine.createdAt / 1000,
    end_date: machine.endAt / 1000,
    duration: Math.max(0, (machine.endAt - now) / 1000),
    uptime_mins: running && machine.runningSince !== null ? round((now - machine.runningSince) / 60_000, 2) : null,
    cpu_util: 0,
    mem_limit: running ? 15.71815424 : null,
    mem_usage: running ? 0.00996352 : null,
    vmem_usage: running ? 0.543945 : null,
    gpu_totalram: fixed.gpu_total_ram ?? null,
    gpu_util: running ? 0 : null,
    gpu_temp: running ? 38 : null,
    disk_space: machine.disk,
    disk_util: running ? 0.05 : -1,
    disk_usage: running ? 0.05 : -1,
    rentable: true,
    external: false,
    is_bid: machine.isBid,
    min_bid: offer === undefined ? machine.price : minBidOf(world, offer, holdersOf(world), machine),
    dph_base: machine.price,
    dph_total: prices.total,
    dlperf_per_dphtotal: (offer?.dlperf ?? 0) / prices.total,
    flops_per_dphtotal: (offer?.gpuFlops ?? 0) / prices.total,
    score: round((offer?.dlperf ?? 0) / prices.total, 6),
    search: prices.search,
    instance: prices.instance,
    storage_cost: machine.storageCost,
    storage_total_cost: prices.disk,
    vram_costperhour: machine.price / Number(fixed.gpu_total_ram ?? 1),
    credit_balance: null,
    credit_discount: null,
    client_run_time: 1.1,
    host_run_time: 2_592_000,
    country_code: null
  }
}
