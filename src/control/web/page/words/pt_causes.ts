/** Why a download does not move, and what to do, in Portuguese. */
import type { Advised } from "../said.ts";
import type { CAUSES_EN, Portion } from "./en_causes.ts";

type About = (one: string, many: string, advice: string) => (portion: Portion) => Advised;

/** How servers or peers are called: with their article, one of them, all of them, and many. */
interface Noun {
  readonly the: string;
  readonly one: string;
  readonly both: string;
  readonly all: string;
  readonly many: string;
}

/** A sentence about servers, as long as others fail otherwise. */
function about(noun: Noun): About {
  return (one, many, advice) => ({ count, total, name }) => {
    const who = name !== null
      ? `${noun.the} ${name}`
      : count.value < total.value
      ? `${count.value === 1 ? noun.one : count} de ${total} ${noun.many}`
      : total.value === 1
      ? noun.the
      : total.value === 2
      ? noun.both
      : `${noun.all} ${total} ${noun.many}`;
    return [`${who} ${count.value === 1 ? one : many}.`, advice];
  };
}

const peers = about({
  the: "O par",
  one: "Um",
  both: "Ambos os pares",
  all: "Todos os",
  many: "pares",
});
const trackers = about({
  the: "O rastreador",
  one: "Um",
  both: "Ambos os rastreadores",
  all: "Todos os",
  many: "rastreadores",
});
const webseeds = about({
  the: "O servidor web",
  one: "Um",
  both: "Ambos os servidores web",
  all: "Todos os",
  many: "servidores web",
});
const sources = about({
  the: "A fonte da ligação",
  one: "Uma",
  both: "Ambas as fontes da ligação",
  all: "Todas as",
  many: "fontes da ligação",
});

const OTHERS = "Espere por outros pares.";
const PORT = "Nada aí fala BitTorrent: verifique a porta ou espere por outros pares.";
const AGAIN = "Será contactado de novo automaticamente.";
const SOURCE_AGAIN = "Será contactada de novo automaticamente.";
const CHANGED = "Os ficheiros que lá estão não são os do torrent, ou mudaram de sítio: " +
  "espere por pares.";
const WAIT = "Espere por pares.";
const SOURCE = "Espere por pares ou adicione o próprio ficheiro torrent.";
const MOMENT = "Espere um momento.";
const LOST = [
  "tem um nome que não se encontra na rede",
  "têm nomes que não se encontram na rede",
] as const;
const NETWORK = "Verifique se a rede e o servidor de nomes funcionam.";
const CUT = ["está inacessível", "estão inacessíveis"] as const;
const SILENT = ["não responde a tempo", "não respondem a tempo"] as const;
const MAY_NOT = ["não pode ser contactado", "não podem ser contactados"] as const;
const BADLY = ["não dá uma resposta válida", "não dão uma resposta válida"] as const;
const LEADS = [
  "reencaminha de um endereço para outro sem fim",
  "reencaminham de um endereço para outro sem fim",
] as const;
const LATER = ["pede-nos que voltemos mais tarde", "pedem-nos que voltemos mais tarde"] as const;
const TROUBLE = ["está com problemas", "estão com problemas"] as const;
const LACKS = ["não o tem", "não o têm"] as const;
const KEEPS = ["não no-lo dá", "não no-lo dão"] as const;
const ASKED = ["ainda não respondeu", "ainda não responderam"] as const;

/** By the codes of the manager's causes. */
export const CAUSES_PT: typeof CAUSES_EN = {
  "no-source": [
    "Não tem rastreadores e não se conhece nenhum par.",
    "Adicione um rastreador.",
  ],
  "no-seeders": [
    "Nenhum rastreador conhece sementes: talvez ninguém o tenha completo.",
    "Espere que volte uma semente. O que já cá está fica guardado.",
  ],
  "private-addresses": [
    "Os pares indicados têm endereços privados, para onde estranhos não podem mandar ninguém.",
    "Adicione um rastreador da rede local.",
  ],
  "dht-no-nodes": [
    "Nenhum nó da DHT responde.",
    "Verifique se a firewall deixa sair UDP.",
  ],
  "offline": [
    "Esta máquina parece estar sem rede: nenhum rastreador nem par está acessível.",
    "Verifique a ligação à rede.",
  ],
  "places-taken": [
    "Todas as ligações estão ocupadas por outros torrents.",
    "Espere que um deles acabe, ou execute menos ao mesmo tempo.",
  ],
  "not-listening": [
    "O gestor não aceita ligações de fora.",
    "Inicie-o sem --no-listen, para que os pares se possam ligar a nós.",
  ],
  "nothing-to-give": [
    "Ainda não temos nenhuma peça para dar em troca.",
    "Espere: os recém-chegados são servidos à vez.",
  ],
  "reader-slow": ["Quem lê o fluxo não está a receber nada.", "Veja por que espera."],
  "check-slow": [
    "O disco demora a abrir e a ler os ficheiros.",
    "Espere, e veja o que mais usa o disco.",
  ],
  "connecting": ({ count }) => [
    `${count.of("ligação está a ser feita", "ligações estão a ser feitas")}.`,
    MOMENT,
  ],
  "peers-banned": ({ count }) => [
    `${count.of("par foi afastado", "pares foram afastados")} por enviar dados errados.`,
    "Espere por outros pares. Se todos enviarem dados errados, o ficheiro torrent pode estar mal.",
  ],
  "ip-filter": ({ count }) => [
    `A lista de endereços afasta ${count.of("endereço", "endereços")}.`,
    "Veja se a lista diz o que pretende, ou desligue-a.",
  ],
  "metadata-wrong": ({ count }) => [
    `O que chegou não era o que a ligação indica (${count.of("vez", "vezes")}).`,
    "Espere: quem o envia é afastado, e pede-se a outros.",
  ],
  "no-peers": ({ count, total }) => [
    total.value === 1
      ? "O rastreador responde, mas não conhece outros pares."
      : count.value === 1
      ? `Um de ${total} rastreadores responde, mas não conhece outros pares.`
      : `${count} de ${total} rastreadores respondem, mas não conhecem outros pares.`,
    "Espere que alguém o sirva, ou adicione um rastreador.",
  ],
  "peers-gone": ({ seconds }) => [
    "Os pares que estavam ligados saíram.",
    `Espere: tenta-se de novo ${seconds === null ? "em breve" : `daqui a ${seconds}`}.`,
  ],
  "dht-asked": ({ count }) => [
    `A DHT ainda não respondeu (${count.of("nó conhecido", "nós conhecidos")}).`,
    "Espere: demora alguns segundos.",
  ],
  "dht-no-peers": ({ count, seconds, asking }) => [
    `A DHT não conhece outros pares (${count.of("nó conhecido", "nós conhecidos")}).`,
    `Espere: pergunta-se-lhe de novo ${
      asking ? "agora" : seconds === null ? "em breve" : `daqui a ${seconds}`
    }.`,
  ],
  "choked": ({ count, useful }) => [
    useful.value === 1
      ? "O par que tem algo para nós só serve outros neste momento."
      : count.value === 1
      ? `Um de ${useful} pares que têm algo para nós só serve outros neste momento.`
      : `${count} de ${useful} pares que têm algo para nós só servem outros neste momento.`,
    "Espere: os lugares mudam a cada meio minuto, mais ou menos.",
  ],
  "pieces-missing": ({ count, missing }) => [
    `Nenhum par ligado tem ${count} de ${missing.of("peça em falta", "peças em falta")}.`,
    "Espere por um par que as tenha; uma semente tem tudo.",
  ],
  "snubbed": ({ count }) => [
    `${
      count.of("par que nos deixa pedir não envia", "pares que nos deixam pedir não enviam")
    } nada.`,
    "Espere: os mesmos blocos são pedidos a outros assim que os houver.",
  ],
  "metadata-nowhere": ({ connected }) => [
    connected.value === 1
      ? "O único par ligado também não tem os metadados."
      : `Nenhum dos ${connected} pares ligados tem os metadados.`,
    "Espere por um par que os tenha: uma semente, ou quem já começou a descarregar.",
  ],
  "metadata-refused": ({ count, total }) => [
    total.value === 1
      ? "O par que tem os metadados não os dá neste momento."
      : count.value === 1
      ? `Um de ${total} pares que têm os metadados não os dá neste momento.`
      : `${count} de ${total} pares que têm os metadados não os dão neste momento.`,
    "Espere: pede-se-lhes de novo, e a outros à medida que cheguem.",
  ],
  "metadata-silent": ({ count, total }) => [
    total.value === 1
      ? "O par que tem os metadados não responde quando lhos pedimos."
      : count.value === 1
      ? `Um de ${total} pares que têm os metadados não responde quando lhos pedimos.`
      : `${count} de ${total} pares que têm os metadados não respondem quando lhos pedimos.`,
    "Espere: pede-se-lhes de novo, e a outros à medida que cheguem.",
  ],
  "metadata-slow": ({ bytes, totalBytes }) => [
    totalBytes === null
      ? "Os metadados acabam de ser pedidos aos pares."
      : `Já cá estão ${bytes} de ${totalBytes} dos metadados; o resto chega devagar.`,
    "Espere: pede-se a todos os pares que os têm.",
  ],
  "no-incoming": ({ port, mapping }) => [
    `Ninguém de fora está ligado à nossa porta ${port}.`,
    mapping === "asking"
      ? "Está a pedir-se ao router que a abra."
      : mapping === "mapped"
      ? `O router deixa-os entrar: abra também a porta TCP ${port} na firewall desta máquina.`
      : `Abra a porta TCP ${port} na firewall e no router, para que os pares se possam ligar a nós.`,
  ],
  "upload-limit": ({ rate }) => [
    `O limite de envio de ${rate} é baixo, e os pares servem quem dá.`,
    "Aumente-o.",
  ],
  "download-limit": ({ rate }) => [
    `Atingiu-se o limite de receção de ${rate}, como deve ser.`,
    "Espere, ou aumente-o.",
  ],
  "disk-slow": ({ bytes }) => [
    bytes === null
      ? "Os dados de outros torrents estão à espera de ser escritos."
      : `${bytes} estão à espera de ser escritos.`,
    "O disco é lento ou não responde: veja o que mais o usa.",
  ],

  "peers-no-socket": peers(
    "não pode ser contactado: aqui não se podem abrir mais ligações",
    "não podem ser contactados: aqui não se podem abrir mais ligações",
    "Aumente o limite de ficheiros abertos (ulimit -n), ou execute menos torrents ao mesmo tempo.",
  ),
  "peers-proxy": peers(
    "não foi alcançado através do proxy",
    "não foram alcançados através do proxy",
    "Verifique se o proxy está a funcionar e se aceita ligações a pares.",
  ),
  "peers-unreachable": peers(
    "está numa rede inacessível a partir daqui",
    "estão em redes inacessíveis a partir daqui",
    "Verifique a rede (um endereço com : precisa de IPv6), ou espere por outros pares.",
  ),
  "peers-silent": peers(
    "não responde",
    "não respondem",
    "Há uma firewall pelo meio, ou já lá não está ninguém: espere por outros pares.",
  ),
  "peers-refused": peers(
    "recusa a ligação",
    "recusam a ligação",
    "Neste momento ninguém está lá à escuta: espere por outros pares.",
  ),
  "peers-hung-up": peers(
    "fecha a ligação logo após o nosso cumprimento",
    "fecham a ligação logo após o nosso cumprimento",
    "Talvez esteja cheio, ou queira outra cifragem que não a nossa: espere por outros pares.",
  ),
  "peers-no-handshake": peers(
    "aceita a ligação e não diz nada",
    "aceitam a ligação e não dizem nada",
    PORT,
  ),
  "peers-nonsense": peers("não respeita o protocolo", "não respeitam o protocolo", PORT),
  "peers-other-torrent": peers("serve outro torrent", "servem outros torrents", OTHERS),
  "peers-left": peers(
    "liga-se e sai sem dar nada",
    "ligam-se e saem sem dar nada",
    "Talvez esteja cheio, ou não tenha nada para nós: espere por outros pares.",
  ),
  "peers-unwanted": peers(
    "já está ligado, ou foi banido",
    "já estão ligados, ou foram banidos",
    OTHERS,
  ),
  "peers-other": peers("não aceita a ligação", "não aceitam a ligação", OTHERS),

  "tracker-refuses": ({ said, ...portion }) =>
    trackers(
      `recusa este torrent${said === "" ? "" : `: «${said}»`}`,
      `recusam este torrent${said === "" ? "" : `: «${said}»`}`,
      "Obtenha de novo o ficheiro torrent onde o arranjou: pode já não existir lá, ou exigir conta.",
    )(portion),
  "tracker-forbidden": trackers(
    ...MAY_NOT,
    "A um rastreador local só se pergunta no caminho /announce: corrija o endereço.",
  ),
  "tracker-answers-badly": trackers(...BADLY, AGAIN),
  "tracker-unknown-host": trackers(...LOST, NETWORK),
  "tracker-unreachable": trackers(
    ...CUT,
    `Está em baixo, ou há uma firewall pelo meio. ${AGAIN}`,
  ),
  "tracker-silent": trackers(...SILENT, `Está em baixo ou sobrecarregado. ${AGAIN}`),
  "tracker-asked": trackers(...ASKED, MOMENT),
  "tracker-unsupported": trackers(
    ...MAY_NOT,
    "Adicione um rastreador com um endereço http ou udp.",
  ),

  "webseed-wrong-data": webseeds(
    "enviou dados errados e já não é contactado",
    "enviaram dados errados e já não são contactados",
    CHANGED,
  ),
  "webseed-missing": webseeds(...LACKS, CHANGED),
  "webseed-forbidden": webseeds(...KEEPS, WAIT),
  "webseed-wrong-size": webseeds(
    "tem um ficheiro de outro tamanho",
    "têm um ficheiro de outro tamanho",
    CHANGED,
  ),
  "webseed-refused": webseeds(
    ...MAY_NOT,
    "Estranhos não nos podem mandar para endereços locais.",
  ),
  "webseed-answers-badly": webseeds(...BADLY, WAIT),
  "webseed-encoded": webseeds(
    "só envia os ficheiros comprimidos",
    "só enviam os ficheiros comprimidos",
    WAIT,
  ),
  "webseed-redirects": webseeds(...LEADS, WAIT),
  "webseed-no-ranges": webseeds(
    "só envia ficheiros inteiros",
    "só enviam ficheiros inteiros",
    WAIT,
  ),
  "webseed-busy": webseeds(...LATER, AGAIN),
  "webseed-trouble": webseeds(...TROUBLE, AGAIN),
  "webseed-unknown-host": webseeds(...LOST, NETWORK),
  "webseed-unreachable": webseeds(...CUT, AGAIN),
  "webseed-silent": webseeds(...SILENT, AGAIN),
  "webseed-cut-short": webseeds("interrompe a ligação", "interrompem a ligação", AGAIN),
  "webseed-quiet": webseeds("deixou de enviar", "deixaram de enviar", AGAIN),
  "webseed-asked": webseeds(...ASKED, MOMENT),

  "xs-other-torrent": sources(
    "tem outro torrent que não o que a ligação indica",
    "têm outros torrents que não o que a ligação indica",
    SOURCE,
  ),
  "xs-no-torrent": sources("não tem nenhum torrent", "não têm nenhum torrent", SOURCE),
  "xs-missing": sources(...LACKS, SOURCE),
  "xs-forbidden": sources(...KEEPS, SOURCE),
  "xs-refused": sources(
    "não pode ser contactada",
    "não podem ser contactadas",
    "Uma ligação não nos pode mandar para endereços locais: se confia nela, " +
      "adicione antes o endereço da fonte.",
  ),
  "xs-too-large": sources(
    "envia mais do que cabe num ficheiro torrent",
    "enviam mais do que cabe num ficheiro torrent",
    SOURCE,
  ),
  "xs-answers-badly": sources(...BADLY, SOURCE),
  "xs-redirects": sources(...LEADS, SOURCE),
  "xs-busy": sources(...LATER, SOURCE_AGAIN),
  "xs-trouble": sources(...TROUBLE, SOURCE_AGAIN),
  "xs-unknown-host": sources(...LOST, NETWORK),
  "xs-unreachable": sources(...CUT, SOURCE_AGAIN),
  "xs-silent": sources(...SILENT, SOURCE_AGAIN),
  "xs-asked": sources(...ASKED, MOMENT),
};
