import { applyAll, asOutput, type MlopsOptions, type StackContext } from "@cyclops/core";
import * as ec2 from "@pulumi/aws/ec2";
import { getAvailabilityZonesOutput } from "@pulumi/aws/getAvailabilityZones";
import * as pulumi from "@pulumi/pulumi";
import type { NetworkBinding, NetworkKind } from "./args";
import { AwsComponent } from "./component";
import { vpcCidr } from "./defaults";
import { endpointService, interfaceServices, subnetCidrs } from "./documents/network";
import type { Place } from "./documents/place";

/** Arguments of `Network`. */
export interface NetworkArgs {
  context: StackContext;
  place: pulumi.Input<Place>;
  /** @default {kind: "service"} */
  network?: NetworkKind;
  /** Whether there will be notebooks, whose home folders need a VPC. @default false */
  workbench?: boolean;
}

/** Where notebooks are. */
export interface WorkbenchNetwork {
  readonly vpcId: pulumi.Output<string>;
  readonly subnetIds: pulumi.Output<string[]>;
  readonly securityGroupIds: pulumi.Output<string[]>;
  /** Whether they reach nothing but through the VPC. */
  readonly vpcOnly: boolean;
}

interface Children {
  vpc: typeof ec2.Vpc;
  routes: typeof ec2.RouteTable;
  group: typeof ec2.SecurityGroup;
  [subnet: `subnet-${number}`]: typeof ec2.Subnet;
  [association: `association-${number}`]: typeof ec2.RouteTableAssociation;
  [endpoint: `endpoint-${string}`]: typeof ec2.VpcEndpoint;
}

/**
 * The stack's place in the network: SageMaker's own, a VPC with endpoints and no way to the internet, or one that exists.
 *
 * @example new Network("churn-network", { context, place, network: { kind: "private" } })
 */
export class Network extends AwsComponent<Children> {
  /** VPC of jobs and endpoints; null: SageMaker's own network. */
  public readonly binding: pulumi.Output<NetworkBinding | null>;
  /** VPC of notebooks; undefined where there are none. */
  public readonly workbench: WorkbenchNetwork | undefined;

  constructor(name: string, args: NetworkArgs, opts?: MlopsOptions<Children>) {
    super("Network", name, args.context, args.place, opts);
    const { network = { kind: "service" } } = args;
    this.workbench = this.makeNetwork(args, network);
    const { workbench } = this;
    this.binding =
      workbench?.vpcOnly === true
        ? applyAll([workbench.subnetIds, workbench.securityGroupIds], (subnetIds, securityGroupIds) => ({
            subnetIds,
            securityGroupIds,
          }))
        : pulumi.output(null);
    this.finish({ binding: this.binding });
  }

  private makeNetwork(args: NetworkArgs, network: NetworkKind): WorkbenchNetwork | undefined {
    if (network.kind === "existing") {
      const { vpcId, subnetIds, securityGroupIds } = network;
      return {
        vpcId: pulumi.output(vpcId),
        subnetIds: pulumi.output(subnetIds),
        securityGroupIds: pulumi.output(securityGroupIds),
        vpcOnly: true,
      };
    }
    if (network.kind === "service" && !args.workbench) return undefined;
    return this.makeVpc(args, network);
  }

  private makeVpc(args: NetworkArgs, network: Exclude<NetworkKind, { kind: "existing" }>): WorkbenchNetwork {
    const { kind, cidr = vpcCidr } = network;
    const vpc = this.child("vpc", ec2.Vpc, { cidrBlock: cidr, enableDnsSupport: true, enableDnsHostnames: true });
    const routes = this.child("routes", ec2.RouteTable, { vpcId: vpc.id });
    const subnetIds = this.makeSubnets(vpc, routes, network);
    const storage = this.makeStorageEndpoint(args, vpc, routes);
    const group = this.makeGroup(vpc, storage);
    if (kind === "private") this.makeEndpoints(args, vpc, subnetIds, group);
    return { vpcId: vpc.id, subnetIds, securityGroupIds: pulumi.all([group.id]), vpcOnly: kind === "private" };
  }

  private makeSubnets(
    vpc: ec2.Vpc,
    routes: ec2.RouteTable,
    { cidr = vpcCidr, availabilityZones }: Exclude<NetworkKind, { kind: "existing" }>,
  ): pulumi.Output<string[]> {
    const zones = pulumi.output(availabilityZones ?? getAvailabilityZonesOutput({ state: "available" }, { parent: this }).names);
    const subnets = subnetCidrs(cidr).map((cidrBlock, index) => {
      const availabilityZone = zones.apply((names) => names[index] ?? "");
      // The region's list may change its order; a subnet cannot move.
      const opts = availabilityZones ? {} : { ignoreChanges: ["availabilityZone"] };
      const subnet = this.child(`subnet-${index}`, ec2.Subnet, { vpcId: vpc.id, cidrBlock, availabilityZone }, opts);
      this.child(`association-${index}`, ec2.RouteTableAssociation, { subnetId: subnet.id, routeTableId: routes.id });
      return subnet.id;
    });
    return pulumi.all(subnets);
  }

  private makeStorageEndpoint({ place }: NetworkArgs, vpc: ec2.Vpc, routes: ec2.RouteTable): ec2.VpcEndpoint {
    return this.child("endpoint-s3", ec2.VpcEndpoint, {
      vpcId: vpc.id,
      vpcEndpointType: "Gateway",
      serviceName: asOutput(place).apply((known) => endpointService(known, "s3")),
      routeTableIds: [routes.id],
    });
  }

  private makeGroup(vpc: ec2.Vpc, storage: ec2.VpcEndpoint): ec2.SecurityGroup {
    // Instances of a distributed training talk to each other on any port; home folders and endpoints are members too.
    const members = { protocol: "-1", fromPort: 0, toPort: 0, self: true };
    return this.child(
      "group",
      ec2.SecurityGroup,
      {
        vpcId: vpc.id,
        description: "Jobs, endpoints and notebooks of the stack: each other, and S3",
        ingress: [members],
        egress: [members, { protocol: "tcp", fromPort: 443, toPort: 443, prefixListIds: [storage.prefixListId] }],
      },
      // A group that is in use cannot be deleted: the new one, which is in another VPC, takes over its members first.
      { deleteBeforeReplace: false },
    );
  }

  private makeEndpoints(
    { place }: NetworkArgs,
    vpc: ec2.Vpc,
    subnetIds: pulumi.Output<string[]>,
    group: ec2.SecurityGroup,
  ): void {
    for (const service of interfaceServices) {
      this.child(`endpoint-${service.replaceAll(".", "-")}`, ec2.VpcEndpoint, {
        vpcId: vpc.id,
        vpcEndpointType: "Interface",
        serviceName: asOutput(place).apply((known) => endpointService(known, service)),
        subnetIds,
        securityGroupIds: [group.id],
        privateDnsEnabled: true,
      });
    }
  }
}
