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

/**
 * Every documented endpoint of the GPU cloud, exact in method, path and body. The collections of containers end in a
 * slash, all other paths do not. No rate limit and no idempotency key is documented.
 */
export const gpuEndpoints = {
  /** Container plans. */
  listContainerPlans: endpoint({
    operation: "listContainerPlans",
    method: "GET",
    path: "/gpu/plans/",
    answer: wire.List,
    repeat: "safe",
    source: plansDoc
  }),
  /** VM plans: grouped by GPU model and by number of GPUs. */
  listGpuVmPlans: endpoint({
    operation: "listGpuVmPlans",
    method: "GET",
    path: "/gpu/plans/vms",
    answer: wire.MachinePlans,
    repeat: "safe",
    source: plansDoc
  }),
  /** Bare metal plans, shaped as those of VMs. */
  listBaremetalPlans: endpoint({
    operation: "listBaremetalPlans",
    method: "GET",
    path: "/gpu/plans/baremetal",
    answer: wire.MachinePlans,
    repeat: "safe",
    source: plansDoc
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
  /** Rents a container; answers its id and nothing else. */
  deployContainer: endpoint({
    operation: "deployContainer",
    method: "POST",
    path: "/gpu/instances/",
    body: wire.DeployContainer,
    answer: wire.Deployed,
    repeat: "refused-only",
    timeout: "1 minute",
    sensitive,
    source: deployDoc
  }),
  /** Rents a VM. */
  deployGpuVm: endpoint({
    operation: "deployGpuVm",
    method: "POST",
    path: "/gpu/instances/vms",
    body: wire.DeployMachine,
    answer: wire.Deployed,
    repeat: "refused-only",
    timeout: "1 minute",
    source: deployDoc
  }),
  /** Rents a bare metal machine. */
  deployBaremetal: endpoint({
    operation: "deployBaremetal",
    method: "POST",
    path: "/gpu/instances/baremetal",
    body: wire.DeployMachine,
    answer: wire.Deployed,
    repeat: "refused-only",
    timeout: "1 minute",
    source: deployDoc
  }),
  /** All containers of the account, those that ended among them; without container status, billing and network. */
  listContainers: endpoint({
    operation: "listContainers",
    method: "GET",
    path: "/gpu/instances/",
    answer: wire.List,
    repeat: "safe",
    source: manageDoc
  }),
  /** All GPU VMs of the account, as far as a list tells. */
  listGpuVms: endpoint({
    operation: "listGpuVms",
    method: "GET",
    path: "/gpu/instances/vms",
    answer: wire.List,
    repeat: "safe",
    source: manageDoc
  }),
  /** All bare metal machines of the account, as far as a list tells. */
  listBaremetal: endpoint({
    operation: "listBaremetal",
    method: "GET",
    path: "/gpu/instances/baremetal",
    answer: wire.List,
    repeat: "safe",
    source: manageDoc
  }),
  /** One container; its variables in clear text, never its registry login. */
  showContainer: endpoint({
    operation: "showContainer",
    method: "GET",
    path: "/gpu/instances/{id}",
    answer: wire.Container,
    repeat: "safe",
    source: manageDoc
  }),
  /** One GPU VM. */
  showGpuVm: endpoint({
    operation: "showGpuVm",
    method: "GET",
    path: "/gpu/instances/vms/{id}",
    answer: wire.Vm,
    repeat: "safe",
    source: manageDoc
  }),
  /** One bare metal machine. */
  showBaremetal: endpoint({
    operation: "showBaremetal",
    method: "GET",
    path: "/gpu/instances/baremetal/{id}",
    answer: wire.Vm,
    repeat: "safe",
    source: manageDoc
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
  renameGpuVm: endpoint({
    operation: "renameGpuVm",
    method: "PUT",
    path: "/gpu/instances/vms/{id}",
    body: wire.RenameBody,
    answer: wire.Nothing,
    repeat: "safe",
    source: manageDoc
  }),
  /** Renames a bare metal machine. */
  renameBaremetal: endpoint({
    operation: "renameBaremetal",
    method: "PUT",
    path: "/gpu/instances/baremetal/{id}",
    body: wire.RenameBody,
    answer: wire.Nothing,
    repeat: "safe",
    source: manageDoc
  }),
  /** Ends a container; 400 unless it is `ACTIVE`. */
  terminateContainer: endpoint({
    operation: "terminateContainer",
    method: "DELETE",
    path: "/gpu/instances/{id}",
    answer: wire.Nothing,
    repeat: "safe",
    source: manageDoc
  }),
  /** Ends a GPU VM; 400 unless it is `ACTIVE`. */
  terminateGpuVm: endpoint({
    operation: "terminateGpuVm",
    method: "DELETE",
    path: "/gpu/instances/vms/{id}",
    answer: wire.Nothing,
    repeat: "safe",
    source: manageDoc
  }),
  /** Ends a bare metal machine; 400 unless it is `ACTIVE`. */
  terminateBaremetal: endpoint({
    operation: "terminateBaremetal",
    method: "DELETE",
    path: "/gpu/instances/baremetal/{id}",
    answer: wire.Nothing,
    repeat: "safe",
    source: manageDoc
  }),
  /** What a container printed: all of it, or the last so many lines. */
  containerLogs: endpoint({
    operation: "containerLogs",
    method: "GET",
    path: "/gpu/instances/{id}/logs",
    query: wire.LastQuery,
    answer: wire.Lines,
    repeat: "safe",
    source: manageDoc
  }),
  /** What the cluster did with a container: the only place that says why one does not start. */
  containerEvents: endpoint({
    operation: "containerEvents",
    method: "GET",
    path: "/gpu/instances/{id}/events",
    query: wire.LastQuery,
    answer: wire.Lines,
    repeat: "safe",
    source: manageDoc
  })
} as const
