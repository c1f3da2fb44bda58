import type { ENTRY_EN } from "./en_entry.ts";

/** Of the way to the manager and who may go it, in Portuguese. */
export const ENTRY_PT: typeof ENTRY_EN = {
  broken: {
    lost: "A ligação perdeu-se. A tentar de novo …",
    full: "Há demasiadas páginas deste gestor abertas. Feche outra; a tentar de novo …",
    fault: "O gestor tem um erro, descrito no seu registo. A tentar de novo …",
    host: "O gestor não responde pelo nome que está no endereço desta página. Abra-a pelo " +
      "número, ou inicie-o com esse nome em --rpc-host.",
    machine: "O gestor só serve a própria máquina. Para o abrir daqui, inicie-o com uma " +
      "palavra-passe (--rpc-auth-file).",
  },
  outdated: "O gestor foi substituído por outra versão; esta página ainda é a antiga.",
  reload: "Recarregar",
  login: {
    title: "Entrar",
    text: "Este gestor pede um utilizador e uma palavra-passe.",
    user: "Utilizador",
    password: "Palavra-passe",
    stay: "Manter a sessão iniciada neste navegador",
    go: "Entrar",
    wrong: "Utilizador ou palavra-passe incorretos. Tente de novo.",
    locked: "Demasiadas palavras-passe erradas. Espere um minuto e tente de novo.",
    failed: "O gestor não respondeu. Tente de novo.",
    out: "Sair",
  },
};
