import { describe, expect, test } from 'vitest'
import { COREDNS_DIRECTIVES, checkDirectives } from '../../src/config/directive-names.ts'
import { checkDuplicateKeys } from '../../src/config/duplicate-keys.ts'
import { outlineOf, parseWith } from './parse-with.ts'

/** The Corefiles that Kubernetes distributions install: a server put in their place must read them all. */
const KUBEADM = `.:53 {
    errors
    health {
       lameduck 5s
    }
    ready
    kubernetes cluster.local in-addr.arpa ip6.arpa {
       pods insecure
       fallthrough in-addr.arpa ip6.arpa
       ttl 30
    }
    prometheus :9153
    forward . /etc/resolv.conf {
       max_concurrent 1000
    }
    cache 30 {
       disable success cluster.local
       disable denial cluster.local
    }
    loop
    reload
    loadbalance
}
`

const KUBEADM_OLD = `.:53 {
    errors
    health
    kubernetes cluster.local in-addr.arpa ip6.arpa {
       pods insecure
       fallthrough in-addr.arpa ip6.arpa
       ttl 30
    }
    prometheus :9153
    forward . /etc/resolv.conf
    cache 30
    loop
    reload
    loadbalance
}
`

const DEPLOYMENT = `.:53 {
    errors
    health {
      lameduck 5s
    }
    ready
    kubernetes cluster.local 10.0.0.0/8 {
      fallthrough in-addr.arpa ip6.arpa
    }
    prometheus :9153
    forward . /etc/resolv.conf {
      max_concurrent 1000
    }
    cache 30
    loop
    reload
    loadbalance
}
acme.local:53 {
    errors
    cache 30
    forward . 1.2.3.4
}
`

const EKS = `.:53 {
    errors
    health {
        lameduck 5s
      }
    ready
    kubernetes cluster.local in-addr.arpa ip6.arpa {
      pods insecure
      fallthrough in-addr.arpa ip6.arpa
    }
    prometheus :9153
    forward . /etc/resolv.conf
    cache 30
    loop
    reload
    loadbalance
}
`

const AKS = `.:53 {
    errors
    ready
    health {
      lameduck 5s
    }
    kubernetes cluster.local in-addr.arpa ip6.arpa {
      pods insecure
      fallthrough in-addr.arpa ip6.arpa
      ttl 30
    }
    prometheus :9153
    forward . /etc/resolv.conf
    cache 30
    loop
    reload
    loadbalance
    import custom/*.override
    template ANY ANY internal.cloudapp.net {
      match "^(?:[^.]+\\.){4,}internal\\.cloudapp\\.net\\.$"
      rcode NXDOMAIN
      fallthrough
    }
    template ANY ANY reddog.microsoft.com {
      rcode NXDOMAIN
    }
}
import custom/*.server
`

const AKS_LOCAL = `.:53 {
    log
    errors
    bind 169.254.10.10
    forward . 168.63.129.16 {
        force_tcp
        policy sequential
        max_concurrent 1000
    }
    ready 169.254.10.10:8181
    cache 3600 {
        success 9984
        denial 9984
        serve_stale 3600s immediate
        servfail 0
    }
    loop
    nsid localdns
    prometheus :9253
    template ANY ANY internal.cloudapp.net {
        match "^(?:[^.]+\\.){4,}internal\\.cloudapp\\.net\\.$"
        rcode NXDOMAIN
        fallthrough
    }
}
.:53 {
    errors
    bind 169.254.10.11
    forward . 10.0.0.10 {
        force_tcp
    }
    whoami
}
`

const K3S = `.:53 {
    errors
    health
    ready
    kubernetes cluster.local in-addr.arpa ip6.arpa {
      pods insecure
      fallthrough in-addr.arpa ip6.arpa
    }
    hosts /etc/coredns/NodeHosts {
      ttl 60
      reload 15s
      fallthrough
    }
    prometheus :9153
    forward . /etc/resolv.conf
    cache 30
    loop
    reload
    loadbalance
    import /etc/coredns/custom/*.override
}
import /etc/coredns/custom/*.server
`

const NODE_LOCAL = `cluster.local:53 {
    errors
    cache {
            success 9984 30
            denial 9984 5
    }
    reload
    loop
    bind 169.254.20.10 10.96.0.10
    forward . 10.96.0.11 {
            force_tcp
    }
    prometheus :9253
    health 169.254.20.10:8080
    }
in-addr.arpa:53 {
    errors
    cache 30
    reload
    loop
    bind 169.254.20.10 10.96.0.10
    forward . 10.96.0.11 {
            force_tcp
    }
    prometheus :9253
    }
ip6.arpa:53 {
    errors
    cache 30
    bind 169.254.20.10 10.96.0.10
    forward . 10.96.0.11 {
            force_tcp
    }
    }
.:53 {
    errors
    cache 30
    bind 169.254.20.10 10.96.0.10
    forward . /etc/resolv.conf
    prometheus :9253
    }
`

const COREFILES = {
  kubeadm: KUBEADM,
  'kubeadm, older': KUBEADM_OLD,
  'coredns/deployment': DEPLOYMENT,
  EKS: EKS,
  AKS: AKS,
  'AKS LocalDNS': AKS_LOCAL,
  k3s: K3S,
  'NodeLocal DNSCache': NODE_LOCAL,
}

describe('parseCorefile reads the default Corefile of', () => {
  test.each(Object.entries(COREFILES))('%s', (_name, text) => {
    const corefile = parseWith(text)
    expect(corefile.serverBlocks.length).toBe(text.match(/^\S+ \{$/gm)?.length)
    expect(() => checkDirectives(corefile, new Set(COREDNS_DIRECTIVES))).not.toThrow()
    expect(() => checkDuplicateKeys(corefile, 53)).not.toThrow()
  })

  test('kubeadm, with every property where it belongs', () => {
    expect(outlineOf(parseWith(KUBEADM))).toEqual({
      '.:53': [
        ['errors'],
        ['health', [['lameduck', '5s']]],
        ['ready'],
        [
          'kubernetes',
          'cluster.local',
          'in-addr.arpa',
          'ip6.arpa',
          [
            ['pods', 'insecure'],
            ['fallthrough', 'in-addr.arpa', 'ip6.arpa'],
            ['ttl', '30'],
          ],
        ],
        ['prometheus', ':9153'],
        ['forward', '.', '/etc/resolv.conf', [['max_concurrent', '1000']]],
        [
          'cache',
          '30',
          [
            ['disable', 'success', 'cluster.local'],
            ['disable', 'denial', 'cluster.local'],
          ],
        ],
        ['loop'],
        ['reload'],
        ['loadbalance'],
      ],
    })
  })

  test('AKS, the regular expression untouched and the missing overrides a warning each', () => {
    const corefile = parseWith(AKS)
    const template = corefile.serverBlocks[0]?.directives.find((directive) => directive.name === 'template')
    expect(template?.block[0]?.args[0]?.text).toBe(String.raw`^(?:[^.]+\.){4,}internal\.cloudapp\.net\.$`)
    expect(corefile.warnings).toEqual([
      'Corefile:18:12: no file matches the import pattern "custom/*.override"',
      'Corefile:28:8: no file matches the import pattern "custom/*.server"',
    ])
  })

  test('k3s, with the overrides and server blocks that its users add', () => {
    const corefile = parseWith(K3S, {
      files: {
        '/etc/coredns/custom/a.override': 'log\n',
        '/etc/coredns/custom/b.server': 'example.org {\n    forward . 1.1.1.1\n}\n',
      },
    })
    const [main, added] = corefile.serverBlocks
    expect(main?.directives.at(-1)?.name).toBe('log')
    expect(added?.keys[0]?.zones).toEqual(['example.org.'])
  })
})
