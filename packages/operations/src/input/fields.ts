import { fields } from "./field.ts"

/** Which machine. */
export const machineField = fields({
  ref: {
    ...{ type: "machine", required: true },
    description: "a machine as `list` shows it: by its whole ref (vast/container/123), id or name"
  }
})

/** Whether to wait for a machine that is just starting. */
export const waitField = fields({
  wait: { type: "switch", description: "wait until the machine can be reached" }
})

/** Which offers are wanted: the same wherever offers are looked for. */
export const filterFields = fields({
  gpu: {
    ...{ type: "gpu", repeats: true },
    description: 'the GPU, in any spelling: h100, "RTX 4090", a100-80gb'
  },
  count: { type: "count", description: "exactly so many GPUs", sets: ["gpuCount"] },
  minCount: { type: "count", description: "at least so many GPUs", sets: ["minGpuCount"] },
  kind: {
    type: "choice",
    repeats: true,
    choices: ["container", "vm", "baremetal", "cpu-vm"],
    description: "only machines of this kind"
  },
  minVram: { type: "size", description: "at least so much memory per GPU: 24GB", sets: ["minVramMiB"] },
  minTotalVram: {
    ...{ type: "size", sets: ["minTotalVramMiB"] },
    description: "at least so much memory of all GPUs together: 640GB"
  },
  minCuda: { type: "version", description: "a driver that takes at least this CUDA: 12.4" },
  minComputeCapability: { type: "version", description: "GPUs of at least this compute capability: 8.9" },
  minVcpus: { type: "count", description: "at least so many CPUs" },
  minMemory: { type: "size", description: "at least so much main memory: 64GB", sets: ["minMemoryMiB"] },
  disk: {
    ...{ type: "size", sets: ["minDiskMiB", "storageMiB", "diskMiB"] },
    description: "at least so much disk, which prices then include: 100GB"
  },
  minDownload: {
    ...{ type: "bandwidth", sets: ["minDownloadMbps"] },
    description: "at least so fast from the internet: 500Mbps, 1Gbps"
  },
  minUpload: {
    ...{ type: "bandwidth", sets: ["minUploadMbps"] },
    description: "at least so fast to the internet: 100Mbps"
  },
  minPorts: { type: "count", least: 0, description: "at least so many ports that can be opened, besides that of ssh" },
  datacenter: { type: "switch", description: "only machines in data centres" },
  country: {
    ...{ type: "country", repeats: true, sets: ["countries"] },
    description: "only in this country, or group of countries: FI, EU, EEA, Asia"
  },
  region: {
    ...{ type: "place", repeats: true, sets: ["regions"] },
    description: "only in this region or data centre of a cloud"
  },
  excludePlace: {
    ...{ type: "place", repeats: true, sets: ["excludePlaces"] },
    description: "not in this country, group of countries or region: CN"
  },
  excludeHost: {
    ...{ type: "name", repeats: true, sets: ["excludeHosts"] },
    description: "not on this physical machine, an offer's `host` behind its cloud: vast/12345"
  },
  excludeSupplier: {
    ...{ type: "name", repeats: true, sets: ["excludeSuppliers"] },
    description: "not of this supplier, an offer's `supplier` behind its cloud: vast/678"
  },
  minReliability: { type: "share", description: "at least so reliable: 0.99 or 99%" },
  maxPerHour: {
    ...{ type: "money", sets: ["maxPerHour", "limits.maxPerHour"] },
    description: "at most this per hour: 2.50"
  }
})

/** What a launch is for, and whose it is. */
export const whoseFields = fields({
  tags: {
    ...{ type: "tag", repeats: true, flag: "tag" },
    description: "what it is for: team=nlp. It is kept in the ledger, sent to no cloud, and `spent` adds up by it"
  },
  owner: { type: "name", description: "whose it is" }
})

/** Which machines are wanted, by what their launches said. */
export const ownFields = fields({
  tags: { ...whoseFields.tags, description: "only machines whose launch has this tag: team=nlp; all of several" },
  owner: { ...whoseFields.owner, description: "only machines of this owner" }
})

/** The filters that choose an offer: one that is named leaves no room for them. A disk and a limit may be given with it. */
export const choosingFields: ReadonlyArray<keyof typeof filterFields> = (
  Object.keys(filterFields) as ReadonlyArray<keyof typeof filterFields>
).filter((name) => name !== "disk" && name !== "maxPerHour")

/** The job that costs are for, but for its disk: the same wherever costs are computed. */
export const jobFields = fields({
  for: {
    ...{ type: "duration", sets: ["duration", "job.duration"] },
    description: 'how long the job takes: 3h, "1 day 12h"; 1h by default'
  },
  start: {
    ...{ type: "time", sets: ["startAt"] },
    description: "when it starts, where clouds charge by the clock: now, 2026-06-01T15:50Z"
  },
  egress: {
    ...{ type: "size", sets: ["egressGiB"] },
    description: "traffic out of the machine over the whole job: 500GB"
  },
  ingress: { type: "size", description: "traffic into it", sets: ["ingressGiB"] }
})

/** What a machine runs: the same where it is launched and where it is updated. Everything stands in the call itself. */
export const workloadFields = fields({
  image: { type: "image", description: "the container image; without a system, only containers take one" },
  env: { type: "variables", description: "all variables of the container" },
  ports: {
    ...{ type: "port", repeats: true, flag: "port" },
    description: "all ports to reach from outside"
  },
  command: { type: "words", description: "the arguments of the image's entrypoint, instead of its own" },
  onStart: { type: "script", description: "a shell script that runs when the machine is up" }
})
