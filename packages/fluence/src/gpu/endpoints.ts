import { endpoint } from "@anygpu/core/adapter"
import * as wire from "./wire.ts"

const plansDoc = "Fluence docs, Get GPU plans"
const deployDoc = "Fluence docs, Deploy GPU instances"
const manageDoc = "Fluence docs, Manage GPU instances"

/** Fluence repeats wrong values in its errors. */
const sensitive = [
  "container_settings.environment.value",
  "container_settings.startup_command",
  "container_settings.credentials.password"
]

const plans = { method: "GET", repeat: "safe", source: plansDoc } as const
const introduced = { method: "GET", repeat: "safe", source: "Fluence docs, GPU API introduction" } as const
const deploy = {
  method: "POST",
  answer: wire.Deployed,
  repeat: "refused-only",
  timeout: "1 minute",
  source: deployDoc
} as const
const read = { method: "GET", repeat: "safe", source: manageDoc } as const
const rename = {
  method: "PUT",
  body: wire.RenameBody,
  answer: wire.Nothing,
  repeat: "safe",
  source: manageDoc
} as const
const end = { method: "DELETE", answer: wire.Nothing, repeat: "safe", source: manageDoc } as const

/**
 * Every documented endpoint of the GPU cloud, exact in method, path and body. The collections of containers end in a
 * slash, all other paths do not. No rate limit and no idempotency key is documented.
 */
export const gpuEndpoints = {
  /** Container plans. */
  listContainerPlans: endpoint({ ...plans, operation: "listContainerPlans", path: "/gpu/plans/", answer: wire.List }),
  /** VM plans: grouped by GPU model and by number of GPUs. */
  listGpuVmPlans: endpoint({
    ...plans,
    operation: "listGpuVmPlans",
    path: "/gpu/plans/vms",
    answer: wire.MachinePlans
  }),
  /** Bare metal plans, shaped as those of VMs. */
  listBaremetalPlans: endpoint({
    ...plans,
    operation: "listBaremetalPlans",
    path: "/gpu/plans/baremetal",
    answer: wire.MachinePlans
  }),
  /** Images for containers that Fluence keeps. Systems for VMs have no endpoint: they stand in the plans. */
  listDefaultImages: endpoint({
    operation: "listDefaultImages",
    method: "GET",
    path: "/gpu/default-images/",
    answer: wire.List,
    repeat: "safe",
    source: deployDoc
  }),
  /**
   * Default images for VMs. One page names the route by its rule (`/vms` after every collection) and nothing of the
   * answer; a newer one says that systems stand in the plans, and these are what `images` reads.
   */
  listDefaultVmImages: endpoint({
    ...introduced,
    operation: "listDefaultVmImages",
    path: "/gpu/default-images/vms",
    answer: wire.Anything
  }),
  /** Default images for bare metal, by the same rule. */
  listDefaultBaremetalImages: endpoint({
    ...introduced,
    operation: "listDefaultBaremetalImages",
    path: "/gpu/default-images/baremetal",
    answer: wire.Anything
  }),
  /** Container plans again, as the example of one page has the path: without the slash of all others. */
  listContainerPlansBare: endpoint({
    ...introduced,
    operation: "listContainerPlansBare",
    path: "/gpu/plans",
    answer: wire.List
  }),
  /** Rents a container; answers its id and nothing else. */
  deployContainer: endpoint({
    ...deploy,
    operation: "deployContainer",
    path: "/gpu/instances/",
    body: wire.DeployContainer,
    sensitive
  }),
  /** Rents a VM. */
  deployGpuVm: endpoint({ ...deploy, operation: "deployGpuVm", path: "/gpu/instances/vms", body: wire.DeployMachine }),
  /** Rents a bare metal machine. */
  deployBaremetal: endpoint({
    ...deploy,
    operation: "deployBaremetal",
    path: "/gpu/instances/baremetal",
    body: wire.DeployMachine
  }),
  /** All containers of the account, those that ended among them; without container status, billing and network. */
  listContainers: endpoint({ ...read, operation: "listContainers", path: "/gpu/instances/", answer: wire.List }),
  /** All GPU VMs of the account, as far as a list says. */
  listGpuVms: endpoint({ ...read, operation: "listGpuVms", path: "/gpu/instances/vms", answer: wire.List }),
  /** All bare metal machines of the account, as far as a list says. */
  listBaremetal: endpoint({ ...read, operation: "listBaremetal", path: "/gpu/instances/baremetal", answer: wire.List }),
  /** One container; its variables in clear text, never its registry login. */
  showContainer: endpoint({
    ...read,
    operation: "showContainer",
    path: "/gpu/instances/{id}",
    answer: wire.OneContainer
  }),
  /** One GPU VM. */
  showGpuVm: endpoint({ ...read, operation: "showGpuVm", path: "/gpu/instances/vms/{id}", answer: wire.OneVm }),
  /** One bare metal machine. */
  showBaremetal: endpoint({
    ...read,
    operation: "showBaremetal",
    path: "/gpu/instances/baremetal/{id}",
    answer: wire.OneVm
  }),
  /**
   * Replaces the whole deployment of a container but its ports, and redeploys it; refused while an earlier update is
   * being applied. One page asks for "all fields", and shows a body without `expose`: that body is the one sent.
   */
  updateContainer: endpoint({
    operation: "updateContainer",
    method: "PUT",
    path: "/gpu/instances/{id}",
    body: wire.UpdateContainer,
    answer: wire.Nothing,
    repeat: "refused-only",
    sensitive,
    source: manageDoc
  }),
  /** Renames a GPU VM: nothing else of it can change. */
  renameGpuVm: endpoint({ ...rename, operation: "renameGpuVm", path: "/gpu/instances/vms/{id}" }),
  /** Renames a bare metal machine. */
  renameBaremetal: endpoint({ ...rename, operation: "renameBaremetal", path: "/gpu/instances/baremetal/{id}" }),
  /** Ends a container; 400 unless it is `ACTIVE`. */
  terminateContainer: endpoint({ ...end, operation: "terminateContainer", path: "/gpu/instances/{id}" }),
  /** Ends a GPU VM; 400 unless it is `ACTIVE`. */
  terminateGpuVm: endpoint({ ...end, operation: "terminateGpuVm", path: "/gpu/instances/vms/{id}" }),
  /** Ends a bare metal machine; 400 unless it is `ACTIVE`. */
  terminateBaremetal: endpoint({ ...end, operation: "terminateBaremetal", path: "/gpu/instances/baremetal/{id}" }),
  /** What a container printed: all of it, or the last so many lines. */
  containerLogs: endpoint({
    ...read,
    operation: "containerLogs",
    path: "/gpu/instances/{id}/logs",
    query: wire.LastQuery,
    answer: wire.Lines
  }),
  /** What the cluster did with a container: the only place that says why one does not start. */
  containerEvents: endpoint({
    ...read,
    operation: "containerEvents",
    path: "/gpu/instances/{id}/events",
    query: wire.LastQuery,
    answer: wire.Lines
  })
} as const
