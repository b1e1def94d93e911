#!/usr/bin/env escript
%%! +sbwt none +sbwtdcpu none +sbwtdio none
%% Two ends of Erlang/OTP's megaco: `gateway MANNER` answers, `controller MANNER PLACE IN_FLIGHT SECONDS`
%% asks. The exchange is that of the environment, read by OTP's own parser; text is compact with the C
%% scanner, the quickest that there is.
-mode(compile).
-export([handle_connect/2, handle_connect/3, handle_disconnect/3, handle_syntax_error/3,
         handle_message_error/3, handle_unexpected_trans/3, handle_trans_request/3,
         handle_trans_reply/4, handle_trans_ack/4]).

-define(HERE, {127, 0, 0, 1}).

main(["version"]) ->
    ok = application:load(megaco),
    {ok, Megaco} = application:get_key(megaco, vsn),
    io:format("OTP ~s (~s), megaco ~s~n",
              [erlang:system_info(otp_release), erlang:system_info(emu_flavor), Megaco]);
main(["gateway", Manner]) ->
    {Carrier, Transport, Handle} = start({deviceName, "gateway"}, Manner),
    persistent_term:put(reply, replies(os:getenv("REPLY"))),
    io:format("at ~s~n", [listen(Carrier, Transport, Handle)]),
    wait();
main(["controller", Manner, Place, InFlight, Seconds]) ->
    {Carrier, Transport, Handle} = start({deviceName, "controller"}, Manner),
    Answered = counters:new(1, [write_concurrency]),
    persistent_term:put(answered, Answered),
    persistent_term:put(request, actions(os:getenv("REQUEST"))),
    [_, Port] = string:lexemes(Place, ":"),
    Connection = connect(Carrier, Transport, Handle, list_to_integer(Port)),
    [ask(Connection) || _ <- lists:seq(1, list_to_integer(InFlight))],
    timer:sleep(1000),
    io:format("begin~n"),
    io:get_line(""),
    Before = counters:get(Answered, 1),
    Start = erlang:monotonic_time(nanosecond),
    timer:sleep(list_to_integer(Seconds) * 1000),
    Count = counters:get(Answered, 1) - Before,
    io:format("end ~w ~w~n", [Count, erlang:monotonic_time(nanosecond) - Start]),
    wait().

wait() ->
    case io:get_line("") of
        eof -> halt(0);
        _ -> wait()
    end.

start(Mid, Manner) ->
    [Carrier, Encoding] = string:lexemes(Manner, "-"),
    {Codec, Config} = codec(Encoding),
    ok = megaco:start(),
    ok = megaco:start_user(Mid, [
        {user_mod, ?MODULE}, {user_args, []}, {send_mod, module(Carrier)},
        {encoding_mod, Codec}, {encoding_config, Config}, {protocol_version, 3}]),
    {ok, Transport} = (module(Carrier)):start_transport(),
    {Carrier, Transport, megaco:user_info(Mid, receive_handle)}.

module("udp") -> megaco_udp;
module("tcp") -> megaco_tcp.

codec("binary") -> {megaco_ber_encoder, []};
codec("text") ->
    {ok, Ports} = megaco_flex_scanner:start(),
    {megaco_compact_text_encoder, [{flex, Ports}]}.

listen("udp", Transport, Handle) ->
    {ok, Socket, _} = megaco_udp:open(Transport, udp(Handle)),
    {ok, Port} = inet:port(Socket),
    io_lib:format("127.0.0.1:~w", [Port]);
listen("tcp", Transport, Handle) ->
    Port = free_port(),
    ok = megaco_tcp:listen(Transport, [
        {port, Port}, {receive_handle, Handle}, {tcp_options, [{ip, ?HERE}, {nodelay, true}]}]),
    io_lib:format("127.0.0.1:~w", [Port]).

udp(Handle) ->
    [{port, 0}, {receive_handle, Handle},
     {udp_options, [{ip, ?HERE}, {recbuf, 4194304}, {sndbuf, 4194304}]}].

free_port() ->
    {ok, Socket} = gen_tcp:listen(0, [{ip, ?HERE}, {reuseaddr, true}]),
    {ok, Port} = inet:port(Socket),
    gen_tcp:close(Socket),
    Port.

connect("udp", Transport, Handle, Port) ->
    {ok, Socket, Control} = megaco_udp:open(Transport, udp(Handle)),
    To = megaco_udp:create_send_handle(Socket, ?HERE, Port),
    {ok, Connection} = megaco:connect(Handle, {deviceName, "gateway"}, To, Control),
    Connection;
connect("tcp", Transport, Handle, Port) ->
    {ok, Socket, Control} = megaco_tcp:connect(Transport, [
        {host, ?HERE}, {port, Port}, {receive_handle, Handle}, {tcp_options, [{nodelay, true}]}]),
    {ok, Connection} = megaco:connect(Handle, {deviceName, "gateway"}, Socket, Control),
    Connection.

ask(Connection) -> ok = megaco:cast(Connection, persistent_term:get(request), []).

actions(Text) ->
    {'TransactionRequest', _, Actions} = transaction("Transaction=1{" ++ Text ++ "}"),
    Actions.

replies(Text) ->
    Reply = transaction("Reply=1{" ++ Text ++ "}"),
    {actionReplies, Replies} = element(4, Reply),
    Replies.

transaction(Text) ->
    Octets = iolist_to_binary(["MEGACO/3 bench ", Text]),
    {ok, {'MegacoMessage', _, Message}} =
        megaco_pretty_text_encoder:decode_message([], dynamic, Octets),
    {transactions, [{_, Transaction}]} = element(4, Message),
    names(Transaction).

%% Names as the stock resolver of binary ids wants them: levels of 0 and 1.
names({megaco_term_id, Wildcards, [[Digit | _] = Name]}) when is_integer(Digit) ->
    {megaco_term_id, Wildcards, [Name, Name, Name]};
names(Tuple) when is_tuple(Tuple) -> list_to_tuple(names(tuple_to_list(Tuple)));
names([Head | Tail]) -> [names(Head) | names(Tail)];
names(Other) -> Other.

%% What this module is to megaco: its user.

handle_connect(_, _) -> ok.
handle_connect(_, _, _) -> ok.
handle_disconnect(Connection, _, Reason) -> megaco:cancel(Connection, Reason), ok.
handle_syntax_error(_, _, _) -> reply.
handle_message_error(_, _, _) -> no_reply.
handle_unexpected_trans(_, _, _) -> ok.
handle_trans_request(_, _, _) -> {discard_ack, persistent_term:get(reply)}.
handle_trans_reply(Connection, _, {ok, _}, _) ->
    counters:add(persistent_term:get(answered), 1, 1),
    ask(Connection),
    ok;
handle_trans_reply(_, _, Error, _) ->
    io:format("failed: ~0p~n", [Error]),
    halt(1).
handle_trans_ack(_, _, _, _) -> ok.
