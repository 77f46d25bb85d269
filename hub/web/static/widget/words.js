// Every word of the panel, in both languages. `{}` is filled in.
const en = {
  title: "Talk to us",
  greeting: "Hi! How can we help?",
  close: "Close chat",
  connecting: "Connecting…",
  offline: "No connection. Your message will be sent as soon as you are back.",
  away: "Nobody is here right now. Leave a message and we will answer.",
  here: "We are online",
  soonMinutes: "We usually answer in {} minutes",
  soonMinute: "We usually answer in a minute",
  soonHours: "We usually answer in {} hours",
  soonHour: "We usually answer in an hour",
  messages: "Messages",
  write: "Write here…",
  message: "Your message",
  send: "Send",
  you: "You",
  sending: "Sending…",
  waiting: "Waiting for the connection",
  slow: "One moment…",
  sent: "Sent",
  read: "Read",
  failed: "Not sent.",
  again: "Try again",
  typing: "{} is typing",
  news: "New messages",
  today: "Today",
  yesterday: "Yesterday",
  leave: "Leave your e-mail so that we can reach you later.",
  name: "Your name (optional)",
  email: "Your e-mail",
  save: "Save",
  skip: "Not now",
  wrongEmail: "Please check the address, it should look like name@example.com.",
  thanks: "Thank you! If you have to go, we will write to you.",
  later: "That did not work just now. Please try again in a moment.",
  refused: "We could not read this message.",
};

/** @type {typeof en} */
const pt = {
  title: "Fale com a gente",
  greeting: "Oi! Como podemos ajudar?",
  close: "Fechar o chat",
  connecting: "Conectando…",
  offline: "Sem conexão. Sua mensagem será enviada assim que você voltar.",
  away: "Agora não tem ninguém por aqui. Deixe sua mensagem que a gente responde.",
  here: "Estamos on-line",
  soonMinutes: "Costumamos responder em {} minutos",
  soonMinute: "Costumamos responder em um minuto",
  soonHours: "Costumamos responder em {} horas",
  soonHour: "Costumamos responder em uma hora",
  messages: "Mensagens",
  write: "Escreva aqui…",
  message: "Sua mensagem",
  send: "Enviar",
  you: "Você",
  sending: "Enviando…",
  waiting: "Esperando a conexão",
  slow: "Um instante…",
  sent: "Enviada",
  read: "Lida",
  failed: "Não enviada.",
  again: "Tentar de novo",
  typing: "{} está escrevendo",
  news: "Novas mensagens",
  today: "Hoje",
  yesterday: "Ontem",
  leave: "Deixe seu e-mail para a gente falar com você depois.",
  name: "Seu nome (opcional)",
  email: "Seu e-mail",
  save: "Salvar",
  skip: "Agora não",
  wrongEmail: "Confira o endereço: ele deve ser parecido com nome@exemplo.com.br.",
  thanks: "Anotado! Se você precisar sair, a gente escreve.",
  later: "Não deu certo agora. Tente de novo daqui a pouco.",
  refused: "Não conseguimos ler esta mensagem.",
};

/** @param {string} language @returns {typeof en} */
export function words(language) {
  return language === "pt-BR" ? pt : en;
}

/** @param {string} text @param {string | number} value */
export function fill(text, value) {
  return text.replace("{}", String(value));
}
