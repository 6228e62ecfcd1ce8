import { type ExistingVolume, InvalidRequest, isGpuError, type LaunchRequest, type Volume, withProblems } from "anygpu"
import type { OperationContext } from "../context.ts"

const nameOf = ({ id, name, location: { region } }: Volume): string =>
  `${name ? `"${name}" ` : ""}${id}${region === null ? "" : ` in ${region}`}`

/** The disk of an account that a text names, by its id or by a name that no other one has. */
const diskNamed = (wanted: ExistingVolume, disks: ReadonlyArray<Volume>): ExistingVolume => {
  const { provider, id: text, path } = wanted
  const own = disks.filter((disk) => disk.provider === provider)
  const byId = own.filter(({ id }) => id === text)
  const [disk, ...others] = byId.length > 0 ? byId : own.filter(({ name }) => name === text)
  if (!disk) {
    const has = own.length === 0 ? "it has no volume" : `it has ${own.map(nameOf).join(", ")}`
    throw InvalidRequest.of("attach", `"${text}" is no volume of this account on ${provider}: ${has}`)
  }
  if (others.length > 0) {
    const all = [disk, ...others].map(({ id }) => id).join(", ")
    throw InvalidRequest.of("attach", `"${text}" is the name of several volumes: write one by its id, ${all}`)
  }
  return { provider, id: disk.id, region: disk.location.region, ...(path !== undefined && { path }) }
}

/**
 * The request with the places of the disks that it names without one: each is read from its account, and then only offers that
 * can have it are looked at.
 *
 * - Nothing is asked where no disk is named. `InvalidRequest` for one that the account has not, and for a cloud that is not there
 *   or lists no disks. Where a cloud cannot be asked, its own error.
 */
export const withPlaces = async <R extends Pick<LaunchRequest, "workload">>(
  context: OperationContext,
  request: R
): Promise<R> => {
  const { attach = [] } = request.workload ?? {}
  if (attach.every(({ region }) => region !== null)) return request
  const { out, signal } = context
  const gpu = await context.gpu()
  const { answers, lacking, problems } = await out.during("asking for volumes", () =>
    gpu.accounts("volumes", { signal })
  )
  const disks = answers.flatMap(({ answer }) => [...answer.items])
  const placed = attach.map((one) => {
    const { provider } = one
    if (one.region !== null) return one
    if (lacking.includes(provider)) throw InvalidRequest.of("attach", `${provider} has no volumes that can be attached`)
    const problem = problems.find((found) => found.provider === provider)
    const isAsked = answers.some((answer) => answer.provider === provider)
    if (!isAsked && !problem) throw InvalidRequest.of("attach", `no cloud here is called "${provider}"`)
    try {
      return diskNamed(one, disks)
    } catch (error) {
      // A list with a hole proves no absence.
      throw problem && isGpuError(error) ? withProblems(problem.error, problems) : error
    }
  })
  return { ...request, workload: { ...request.workload, attach: placed } }
}
