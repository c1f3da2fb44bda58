/** What the manager says of torrents, trackers, itself and calls, in Portuguese, by its codes. */
import type { Failing, SAID_EN } from "./en_said.ts";
import { CAUSES_PT } from "./pt_causes.ts";

const AT = (path: string | null) => path === null ? "." : `: ${path}`;

const TRACKER_FAULTS: typeof SAID_EN.trackerFaults = {
  "refuses": "Recusa este torrent.",
  "answers-badly": "Não dá uma resposta válida.",
  "unknown-host": "O seu nome não se encontra na rede.",
  "unreachable": "Está inacessível.",
  "silent": "Não responde a tempo.",
  "forbidden": "Não pode ser contactado.",
  "unsupported": "Não pode ser contactado: o endereço não é http nem udp.",
};

const room = (
  { freeBytes, totalBytes, neededBytes, reserveBytes }: {
    readonly freeBytes: string;
    readonly totalBytes: string;
    readonly neededBytes: string;
    readonly reserveBytes: string;
  },
) =>
  `Livres: ${freeBytes} de ${totalBytes}; por descarregar: ${neededBytes}; ` +
  `a deixar livres: ${reserveBytes}.`;
const speed = ({ writeRate, readRate }: { writeRate: string; readRate: string }) =>
  `O disco escreve a ${writeRate || "0"} e lê a ${readRate || "0"}.`;
const router = ({ name, protocol }: { name: string; protocol: string }) =>
  `O router ${name} (${protocol})`;
const failing = ({ count, total, name, fault }: Failing) =>
  `${count.either("Falha", "Falham")} ${count} de ${
    total.of("rastreador", "rastreadores")
  }. ${name}: ` +
  TRACKER_FAULTS[fault as keyof typeof TRACKER_FAULTS];

/** Sentences by codes. */
export const SAID_PT: typeof SAID_EN = {
  causes: CAUSES_PT,

  waits: {
    "metadata": "Está à espera dos metadados.",
    "checking": "O que está no disco está a ser verificado.",
    "peers": "Está à espera de pares.",
    "unchoke": "Está à espera de ser servido.",
    "data": "Está à espera de dados.",
    "disk": "Está à espera do disco.",
    "reader": "Está à espera de quem o lê.",
    "queue": "Está à espera do seu lugar na fila.",
    "budget-torrent": ({ bytes }) =>
      `A sua quota de ${bytes} está esgotada: aumente-a para continuar.`,
    "budget-all": ({ bytes }) =>
      `A quota de ${bytes} para todos os torrents está esgotada: aumente-a para continuar.`,
    "budget-month": ({ bytes }) =>
      `A quota de ${bytes} por mês está esgotada: continua no próximo mês.`,
    "budget-day": ({ bytes }) => `A quota de ${bytes} por dia está esgotada: continua amanhã.`,
  },

  troubles: {
    "stalled": "Há demasiado tempo que não chega nada.",
    "disk-full": ({ bytes }) =>
      bytes === null ? "O disco está cheio." : `O disco está cheio: liberte mais ${bytes}.`,
    "file-exists": ({ path }) => `Há outro ficheiro no seu lugar${AT(path)}`,
    "cannot-create": ({ path }) => `Não se pode escrever um ficheiro${AT(path)}`,
    "cannot-open": ({ path }) => `Falta um ficheiro${AT(path)}`,
    "locked": ({ path }) => `Está a ser usado por outro programa${AT(path)}`,
    "incomplete": "Não está completo.",
    "bad-torrent": "O torrent não pode ser usado: remova-o e adicione-o de novo.",
    "denied": "Contém um ficheiro que não é permitido.",
    "budget": "A quota está esgotada.",
    "reader-gone": "Já ninguém o lê.",
    "other": "Algo correu mal.",
    "tracker-warning": ({ said }) => `O rastreador avisa: «${said}»`,
    "tracker-refuses": ({ said }) => `O rastreador recusa-o${said === "" ? "." : `: «${said}»`}`,
    "tracker-answers-badly": "O rastreador não dá uma resposta válida.",
    "tracker-unknown-host": "O nome do rastreador não se encontra na rede.",
    "tracker-unreachable": "O rastreador está inacessível.",
    "tracker-silent": "O rastreador não responde a tempo.",
    "tracker-forbidden": "O rastreador não pode ser contactado.",
  },
  trackerFaults: TRACKER_FAULTS,
  trackerAnswered: "Respondeu.",

  complaints: {
    "no-torrent": "Este torrent já não existe.",
    "no-file": "Não existe esse ficheiro no torrent.",
    "no-tracker": "Não existe esse rastreador.",
    "no-metadata": "Os ficheiros ainda não são conhecidos: espere pelos metadados.",
    "own-folder": "Esta pasta é do próprio gestor: indique outra.",
    "no-list-url": "Indique primeiro o endereço web de uma lista.",
    "label-comma": "Uma etiqueta não é vazia nem tem vírgulas.",
    "bad-value": "Um valor não tem a forma certa.",
    "outside-folder": ({ path }) =>
      `${path === "" ? "Isto" : path} não é uma pasta dentro da pasta de transferências.`,
    "no-such-path": ({ path }) => `Não há nada chamado ${path} no torrent.`,
    "file-taken": ({ path }) => `Já existe um ficheiro chamado ${path}.`,
    "folder-taken": ({ path }) => `Já existe uma pasta chamada ${path}.`,
    "shared-file": ({ path, name }) =>
      `${path} também é um ficheiro de ${name}: remova um dos dois.`,
    "bad-name": ({ name }) =>
      `«${name}» não serve para nome de ficheiro ou pasta: sem barras, e nada que os sistemas reservem.`,
    "tracker-url": ({ name }) =>
      `«${name}» não é o endereço de um rastreador: começa por http, https ou udp.`,
    "too-many-trackers": ({ count }) =>
      `Um torrent tem no máximo ${count.of("rastreador", "rastreadores")}.`,
    "too-many-labels": ({ count }) =>
      `Um torrent tem no máximo ${count.of("etiqueta", "etiquetas")}, nenhuma delas longa.`,
    "text-too-long": ({ count }) => `Isto tem mais de ${count.of("carácter", "caracteres")}.`,
    "out-of-range": ({ least, most }) => `Um número não está entre ${least} e ${most}.`,
    "list-unreachable": ({ name }) => `Não foi possível obter a lista de ${name}.`,
    "list-none": ({ name }) => `O que está em ${name} não é uma lista de endereços.`,
    "list-empty": ({ name }) => `A lista de ${name} está vazia.`,
    "list-packed": ({ name }) => `A lista de ${name} é um ficheiro zip: use gzip.`,
    "list-large": ({ name }) => `A lista de ${name} é demasiado grande.`,
    "bad-torrent": "Isto não é um ficheiro torrent, ou está danificado.",
    "bad-link": "Esta ligação magnet não indica nenhum torrent.",
    "unknown-link": "Indique uma ligação magnet, um endereço http ou https, ou um info hash.",
    "no-link": "Indique primeiro uma ligação ou um ficheiro.",
    "port-unknown": "Não se sabe: até agora ninguém de fora se ligou.",
    "fetch-missing": "Não há nenhum torrent neste endereço.",
    "fetch-forbidden": "O servidor não no-lo dá.",
    "fetch-busy": "O servidor está ocupado: tente mais tarde.",
    "fetch-trouble": "O servidor está com problemas: tente mais tarde.",
    "fetch-answers-badly": "O servidor não dá uma resposta válida.",
    "fetch-too-large": "O que o servidor envia é demasiado grande para um ficheiro torrent.",
    "fetch-refused": "Este endereço é local, e não pode ser contactado a pedido de outros.",
    "fetch-redirects": "O servidor reencaminha de um endereço para outro sem fim.",
    "fetch-unknown-host": "Não há nenhum servidor com este nome.",
    "fetch-unreachable": "O servidor está inacessível.",
    "fetch-silent": "O servidor não responde a tempo.",
    "storage-disk-full": "O disco está cheio.",
    "storage-permission": ({ path }) => `O gestor não tem permissão para usar ${path}.`,
    "storage-exists": ({ path }) => `${path} já existe.`,
    "storage-not-a-folder": ({ path }) =>
      `No caminho para ${path} há um ficheiro onde devia estar uma pasta.`,
    "storage-link": ({ path }) => `${path} é uma ligação simbólica, que não se segue.`,
    "storage-locked": ({ path }) => `${path} está a ser usado por outro programa.`,
    "storage-missing": ({ path }) => `${path} não existe.`,
    "storage-other": ({ path }) => `O disco não consegue usar ${path}.`,
    "http-401": "O gestor pede a palavra-passe.",
    "http-403": "O gestor não pode ser usado a partir daqui.",
    "http-408": "O envio demorou demasiado.",
    "http-413": "Isto é demasiado grande para ser enviado.",
    "http-421": "O gestor não responde por este nome.",
    "http-429": "Demasiadas palavras-passe erradas: espere um minuto.",
    "http-503": "O gestor está ocupado: tente de novo.",
    "unreachable": "O gestor está inacessível.",
    "late": "O gestor não respondeu a tempo.",
  },

  subjects: {
    folder: "Pasta",
    permissions: "Permissões",
    space: "Espaço",
    disk: "Disco",
    port: "Porta",
    mapping: "Router",
    trackers: "Rastreadores",
    dht: "DHT",
    clock: "Relógio",
    limits: "Limites",
    filter: "Lista de endereços",
    torrents: "Torrents",
  },
  conditions: { ok: "bem", warning: "merece atenção", bad: "não funciona" },
  findings: {
    "folder-unusable": ({ path }) => [
      `A pasta de transferências ${path} não pode ser usada.`,
      "Veja se o disco está ligado.",
    ],
    "files-made": ({ path }) => [`Podem criar-se ficheiros em ${path}.`, ""],
    "files-refused": ({ path, count }) => [
      `Não se podem criar ficheiros em ${count.of("pasta", "pastas")}, como ${path}.`,
      "Dê a pasta ao utilizador com que o gestor corre.",
    ],
    "space-unknown": ["O sistema não diz quanto espaço está livre.", ""],
    "space-enough": (values) => [room(values), ""],
    "space-short": ({ lackingBytes, ...values }) => [
      room(values),
      `Liberte espaço: faltam ${lackingBytes}.`,
    ],
    "disk-unwritable": [
      "Não se consegue escrever no disco.",
      "Veja se está montado só para leitura, e de quem é a pasta .tm.",
    ],
    "disk-corrupts": [
      "O disco devolve algo diferente do que foi escrito.",
      "O disco ou a sua ligação está a falhar: verifique-o, e depois os dados dos torrents.",
    ],
    "disk-full": ["O disco está demasiado cheio para ser medido.", "Liberte espaço."],
    "disk-fast": (values) => [speed(values), ""],
    "disk-slow": (values) => [speed(values), "Veja o que mais o usa."],
    "port-proxied": ({ name }) => [
      `Tudo passa por ${name}, por isso ninguém se pode ligar a nós.`,
      "",
    ],
    "port-none": [
      "Ninguém se pode ligar a nós: não aceitamos ligações.",
      "Inicie o gestor sem --no-listen.",
    ],
    "port-open": ({ port, count }) => [
      `A porta ${port} está aberta: ${count.of("par chegou de fora", "pares chegaram de fora")}.`,
      "",
    ],
    "port-unknown": ({ port }) => [
      `Não se sabe se a porta ${port} está aberta: até agora ninguém chegou de fora.`,
      "Pode ser cedo para o saber; senão, abra-a na firewall e no router, para TCP e UDP.",
    ],
    "mapping-asking": ["Está a pedir-se ao router que abra a porta.", "Procure de novo em breve."],
    "mapping-failed": ({ port }) => [
      "Nenhum router abre a nossa porta.",
      `Abra lá a porta ${port} para TCP e UDP, ou inicie o gestor com --map-port=ENDEREÇO.`,
    ],
    "mapping-half": ({ open, shut, ...values }) => [
      `${router(values)} abre ${open} e não ${shut}.`,
      `Abra lá a porta ${values.port} para ${shut}.`,
    ],
    "mapping-private": ({ host, ...values }) => [
      `${router(values)} abre a porta ${values.port}, mas o seu endereço ${host} não é público.`,
      "Há outro router antes dele: abra também lá a porta.",
    ],
    "mapping-open": ({ host, ...values }) => [
      `${router(values)} abre a porta ${values.port}${host === null ? "" : ` em ${host}`}.`,
      "",
    ],
    "trackers-unasked": ["Ainda não se contactou nenhum rastreador.", ""],
    "trackers-answer": ({ count }) => [
      `${count.of("rastreador responde", "rastreadores respondem")}, nenhum falha.`,
      "",
    ],
    "trackers-fail": (values) => [
      failing(values),
      "Os detalhes dos torrents dizem quais os têm.",
    ],
    "trackers-all-fail": (values) => [failing(values), "Veja se esta máquina tem rede."],
    "dht-off": ["A DHT está desligada.", ""],
    "dht-alone": [
      "Nenhum nó da DHT responde.",
      "Começa com o primeiro torrent que não seja privado. Deixe sair UDP na firewall.",
    ],
    "dht-answers": ({ count }) => [
      `${count.of("nó da DHT responde", "nós da DHT respondem")}.`,
      "",
    ],
    "clock-set": ["O relógio está certo.", ""],
    "clock-unset": ({ year }) => [
      `O relógio está em ${year}.`,
      "Acerte-o: os certificados são recusados, e as quotas contam pelos seus dias.",
    ],
    "clock-back": ({ seconds }) => [
      `O relógio foi atrasado ${seconds}.`,
      "Veja se está certo: as quotas contam pelos seus dias.",
    ],
    "budget-used": [
      "A quota está esgotada: não se descarrega nada.",
      "Aumente-a; a de um dia ou de um mês recomeça por si.",
    ],
    "limits": ({ downRate, upRate, alternative, leftBytes }) => [
      `Receção ${downRate || "sem limite"}, envio ${upRate || "sem limite"}` +
      `${alternative ? ", em modo lento" : ""}${
        leftBytes === null ? "" : `; restam ${leftBytes} da quota`
      }.`,
      "",
    ],
    "filter-on": ({ count }) => [
      `${count.of("intervalo é mantido", "intervalos são mantidos")} à distância.`,
      "",
    ],
    "filter-empty": [
      "A lista de endereços está ligada e não tem nada.",
      "Indique o seu endereço web e obtenha-a.",
    ],
    "torrents-well": ({ count }) => [
      `${count.of("torrent", "torrents")}, nenhum com problemas.`,
      "",
    ],
    "torrents-troubled": ({ count, total, name }) => [
      `${count.either("Não pode", "Não podem")} continuar ${count} de ${
        total.of("torrent", "torrents")
      }, como ${name}.`,
      "Resolva o que os detalhes dizem e depois retome-o.",
    ],
  },
};
