export interface FieldShape {
  /** As JSON has it. */
  readonly name: string
  readonly number: number
  /** `string`, `int`, `bool`, `Time`, `IntOrString`, `FieldsV1`, or the name of a message of this table. */
  readonly type: string
  /** `always`: written also where it is empty, because Go has no pointer there. */
  readonly form: 'optional' | 'always' | 'repeated' | 'map'
}

/**
 * Field numbers of the messages, as `generated.proto` of k8s.io/api (core/v1, discovery/v1) and k8s.io/apimachinery (meta/v1,
 * runtime) gives them. In the order of the numbers, which is the order in which they are written. `!` always, `*` repeated,
 * `{}` a map of texts.
 */
const SHAPES: Readonly<Record<string, string>> = {
  TypeMeta: '1 apiVersion string!, 2 kind string!',
  ListMeta: '1 selfLink string!, 2 resourceVersion string!, 3 continue string!, 4 remainingItemCount int',
  ObjectMeta: `1 name string!, 2 generateName string!, 3 namespace string!, 4 selfLink string!, 5 uid string!,
    6 resourceVersion string!, 7 generation int!, 8 creationTimestamp Time!, 9 deletionTimestamp Time,
    10 deletionGracePeriodSeconds int, 11 labels {}, 12 annotations {}, 13 ownerReferences OwnerReference*,
    14 finalizers string*, 17 managedFields ManagedFieldsEntry*`,
  OwnerReference: `1 kind string!, 3 name string!, 4 uid string!, 5 apiVersion string!, 6 controller bool,
    7 blockOwnerDeletion bool`,
  ManagedFieldsEntry: `1 manager string!, 2 operation string!, 3 apiVersion string!, 4 time Time, 6 fieldsType string!,
    7 fieldsV1 FieldsV1, 8 subresource string!`,
  Status: `1 metadata ListMeta!, 2 status string!, 3 message string!, 4 reason string!, 5 details StatusDetails,
    6 code int!`,
  StatusDetails: `1 name string!, 2 group string!, 3 kind string!, 4 causes StatusCause*, 5 retryAfterSeconds int!,
    6 uid string!`,
  StatusCause: '1 reason string!, 2 message string!, 3 field string!',
  Condition: `1 type string!, 2 status string!, 3 observedGeneration int!, 4 lastTransitionTime Time!, 5 reason string!,
    6 message string!`,

  Service: '1 metadata ObjectMeta!, 2 spec ServiceSpec!, 3 status ServiceStatus!',
  ServiceSpec: `1 ports ServicePort*, 2 selector {}, 3 clusterIP string!, 4 type string!, 5 externalIPs string*,
    7 sessionAffinity string!, 8 loadBalancerIP string!, 9 loadBalancerSourceRanges string*, 10 externalName string!,
    11 externalTrafficPolicy string!, 12 healthCheckNodePort int!, 13 publishNotReadyAddresses bool!,
    14 sessionAffinityConfig SessionAffinityConfig, 17 ipFamilyPolicy string, 18 clusterIPs string*,
    19 ipFamilies string*, 20 allocateLoadBalancerNodePorts bool, 21 loadBalancerClass string,
    22 internalTrafficPolicy string, 23 trafficDistribution string`,
  ServicePort: `1 name string!, 2 protocol string!, 3 port int!, 4 targetPort IntOrString!, 5 nodePort int!,
    6 appProtocol string`,
  SessionAffinityConfig: '1 clientIP ClientIPConfig',
  ClientIPConfig: '1 timeoutSeconds int',
  ServiceStatus: '1 loadBalancer LoadBalancerStatus!, 2 conditions Condition*',
  LoadBalancerStatus: '1 ingress LoadBalancerIngress*',
  LoadBalancerIngress: '1 ip string!, 2 hostname string!, 3 ipMode string, 4 ports PortStatus*',
  PortStatus: '1 port int!, 2 protocol string!, 3 error string',

  EndpointSlice: `1 metadata ObjectMeta!, 2 endpoints Endpoint*, 3 ports SlicePort*, 4 addressType string!`,
  Endpoint: `1 addresses string*, 2 conditions EndpointConditions!, 3 hostname string, 4 targetRef ObjectReference,
    5 deprecatedTopology {}, 6 nodeName string, 7 zone string, 8 hints EndpointHints`,
  EndpointConditions: '1 ready bool, 2 serving bool, 3 terminating bool',
  EndpointHints: '1 forZones HintName*, 2 forNodes HintName*',
  HintName: '1 name string!',
  SlicePort: '1 name string, 2 protocol string, 3 port int, 4 appProtocol string',
  ObjectReference: `1 kind string!, 2 namespace string!, 3 name string!, 4 uid string!, 5 apiVersion string!,
    6 resourceVersion string!, 7 fieldPath string!`,

  Endpoints: '1 metadata ObjectMeta!, 2 subsets EndpointSubset*',
  EndpointSubset: '1 addresses EndpointAddress*, 2 notReadyAddresses EndpointAddress*, 3 ports SubsetPort*',
  EndpointAddress: '1 ip string!, 2 targetRef ObjectReference, 3 hostname string!, 4 nodeName string',
  SubsetPort: '1 name string!, 2 port int!, 3 protocol string!, 4 appProtocol string',

  Namespace: '1 metadata ObjectMeta!, 2 spec NamespaceSpec!, 3 status NamespaceStatus!',
  NamespaceSpec: '1 finalizers string*',
  NamespaceStatus: '1 phase string!, 2 conditions NamespaceCondition*',
  NamespaceCondition:
    '1 type string!, 2 status string!, 4 lastTransitionTime Time!, 5 reason string!, 6 message string!',

  Pod: '1 metadata ObjectMeta!, 2 spec PodSpec!, 3 status PodStatus!',
  PodSpec:
    '2 containers Container*, 10 nodeName string!, 11 hostNetwork bool!, 16 hostname string!, 17 subdomain string!',
  Container: '1 name string!, 2 image string!',
  PodStatus: `1 phase string!, 2 conditions PodCondition*, 3 message string!, 4 reason string!, 5 hostIP string!,
    6 podIP string!, 7 startTime Time, 9 qosClass string!, 12 podIPs PodIP*, 16 hostIPs PodIP*`,
  PodCondition: '1 type string!, 2 status string!',
  PodIP: '1 ip string!',
}

export const MESSAGES: Readonly<Record<string, readonly FieldShape[]>> = Object.fromEntries(
  Object.entries(SHAPES).map(([name, shape]) => [name, shape.split(',').map(fieldOf)]),
)

function fieldOf(text: string): FieldShape {
  const [number = '', name = '', typeText = ''] = text.trim().split(/\s+/)
  const form = typeText === '{}' ? 'map' : formOf(typeText.at(-1))
  return { name, number: Number(number), type: typeText.replace(/[!*]$/, ''), form }
}

function formOf(mark: string | undefined): FieldShape['form'] {
  if (mark === '!') return 'always'
  return mark === '*' ? 'repeated' : 'optional'
}
