import type { Vocabulary } from "@anygpu/core/cloud"
import * as z from "zod"
import { lifecycle } from "./lifecycle.ts"
import { PriceIncrease, PriceIncreasesAnswer } from "./price-endpoints.ts"
import { Instance, Offer } from "./wire.ts"

/** Source: Vast.ai API reference, search offers. */
const unusedOfOffers = `
  ask_contract_id bundle_id bundled_results bw_nvlink cpu_arch cpu_cores cpu_ghz cpu_name
  credit_discount_max disk_bw disk_name dlperf driver_version driver_vers external geolocode
  gpu_arch gpu_display_active gpu_ids gpu_lanes gpu_mem_bw gpu_total_ram gpu_max_power gpu_max_temp has_avx
  hostname logo mobo_name os_version pci_gen pcie_bw public_ipaddr
  reliability_mult start_date static_ip total_flops verification vericode webpage vms_enabled
  expected_reliability is_vm_deverified resource_type cluster_id avail_vol_ask_id avail_vol_dph avail_vol_size
  nw_disk_min_bw nw_disk_max_bw nw_disk_avg_bw rn time_remaining time_remaining_isbid internet_up_cost_per_tb
  internet_down_cost_per_tb dph_total_adj discount_rate discounted_hourly discounted_dph_total
  dlperf_per_dphtotal flops_per_dphtotal score is_bid storage_total_cost vram_costperhour duration end_date
  search instance
`

/** Source: Vast.ai API reference, show instances. */
const unusedOfMachines = `
  success instances_found total_instances label_counts template_id template_hash_id template_name image_args
  extra_env onstart jupyter_token local_ipaddrs ssh_idx machine_dir_ssh_port machine_id uptime_mins duration
  cpu_arch cpu_cores cpu_name cpu_util mem_limit mem_usage vmem_usage gpu_arch gpu_totalram gpu_util gpu_temp
  gpu_lanes gpu_mem_bw bw_nvlink disk_name disk_bw disk_util disk_usage direct_port_count direct_port_start
  direct_port_end HostIp static_ip verification rentable host_id min_bid dph_base dlperf dlperf_per_dphtotal
  flops_per_dphtotal total_flops score inet_up inet_down reliability2 os_version mobo_name pci_gen pcie_bw webpage search instance
  storage_cost storage_total_cost vram_costperhour credit_balance credit_discount credit_discount_max
  client_run_time host_run_time external time_remaining time_remaining_isbid volume_info bundle_id hosting_type
  logo
`

const { actual, intended, cur, next } = lifecycle.domain
const wordsAt = (at: string) => ({
  [`${at}.actual_status`]: actual,
  [`${at}.intended_status`]: intended,
  [`${at}.cur_state`]: cur,
  [`${at}.next_state`]: next
})

/** What Vast's answers may hold, as far as this adapter and Vast's documents know. */
export const vocabulary: ReadonlyArray<Vocabulary> = [
  {
    method: "POST",
    path: /\/api\/v0\/bundles\/$/,
    schema: z.object({ offers: z.array(Offer) }),
    unused: unusedOfOffers
  },
  {
    path: /\/api\/v1\/instances\/$/,
    schema: z.object({ instances: z.array(Instance), next_token: z.unknown() }),
    unused: unusedOfMachines,
    words: wordsAt("instances[]")
  },
  {
    path: /\/api\/v0\/instances\/pending-price-increases\/$/,
    schema: PriceIncreasesAnswer.extend({ pending_price_increases: z.array(PriceIncrease) }),
    unused: "count"
  },
  {
    path: /\/api\/v0\/instances\/[^/]+\/$/,
    schema: z.object({ instances: Instance }),
    unused: unusedOfMachines,
    words: wordsAt("instances")
  }
]
