/** What is asked of the market, as it stands in the address: each is a text that people write, `3h`, `24GB`. */
export interface Job {
  readonly gpu: string
  readonly count: string
  readonly minVram: string
  readonly disk: string
  readonly for: string
  readonly egress: string
  readonly country: string
  /** Empty: what stays; `only`: what the cloud may take away; `both`. */
  readonly interruptible: string
}

const first: Job = {
  gpu: "",
  count: "1",
  minVram: "24GB",
  disk: "40GB",
  for: "3h",
  egress: "",
  country: "",
  interruptible: ""
}

/** The job of an address; what it leaves out is that of a first look. */
export const jobOf = (params: URLSearchParams): Job => {
  const read = (name: keyof Job) => params.get(name) ?? first[name]
  return {
    ...{ gpu: read("gpu"), count: read("count"), minVram: read("minVram"), disk: read("disk"), for: read("for") },
    ...{ egress: read("egress"), country: read("country"), interruptible: read("interruptible") }
  }
}

/** The same as the input of `compare`. */
export const compareInput = (job: Job, limit: number): object => {
  const { count, interruptible, ...texts } = job
  const given = Object.entries(texts).filter(([, text]) => text.trim() !== "")
  return {
    ...Object.fromEntries(given),
    ...(/^\d+$/.test(count.trim()) && { count: Number(count) }),
    ...(interruptible === "only" && { interruptible: true }),
    ...(interruptible === "both" && { anyInterruptible: true }),
    limit
  }
}
