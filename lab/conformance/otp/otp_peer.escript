#!/usr/bin/env escript
%% -*- erlang -*-
%% Runs megaco_simple_mgc or megaco_simple_mg, the example programs of OTP's megaco, at ports of their own:
%% `mgc`, or `mg HOST PORT ENCODING CARRIER`. They are in the folder that OTP_MEGACO_EXAMPLES names, or where
%% Debian's erlang-examples puts them.
%%! -noinput

%% The places of a receive handle's members: Debian has no header of megaco's.
-define(ENCODER, 3).
-define(CARRIER, 5).
-define(ROOT, {megaco_term_id, false, [[$r, $o, $o, $t]]}).

main(Arguments) ->
    Own = filename:join([code:lib_dir(megaco), "examples", "simple"]),
    code:add_patha(os:getenv("OTP_MEGACO_EXAMPLES", Own)),
    ok = application:start(megaco),
    run(Arguments),
    timer:sleep(infinity).

run(["mgc"]) ->
    Mid = {deviceName, "controller"},
    ok = megaco:start_user(Mid, [{user_mod, loaded(megaco_simple_mgc)}]),
    Handle = megaco:user_info(Mid, receive_handle),
    [Text, Binary] = [listen(Handle, Encoder) || Encoder <- [text, binary]],
    io:format("mgc: h248 127.0.0.1:~w~nmgc: h248-binary 127.0.0.1:~w~n", [Text, Binary]);
run(["mg", Host, Port, Encoding, Carrier]) ->
    Mid = {deviceName, "gateway"},
    Send = carrier(Carrier),
    ok = megaco:start_user(Mid, [{user_mod, loaded(megaco_simple_mg)},
                                 {encoding_mod, encoder(list_to_atom(Encoding))},
                                 {encoding_config, []}, {send_mod, Send}]),
    Handle = megaco:user_info(Mid, receive_handle),
    {Own, To, Control} = connect(Send, Host, list_to_integer(Port), Handle),
    io:format("mg: h248 127.0.0.1:~w~n", [Own]),
    {ok, Connection} = megaco:connect(Handle, preliminary_mid, To, Control),
    register_at(Connection).

loaded(Module) ->
    {module, Module} = code:ensure_loaded(Module),
    Module.

encoder(text) -> megaco_pretty_text_encoder;
encoder(binary) -> megaco_ber_encoder.

carrier("tcp") -> megaco_tcp;
carrier("udp") -> megaco_udp.

%% Listens by both carriers at one port.
listen(Handle, Encoding) ->
    {ok, Socket} = gen_udp:open(0, [{ip, {127, 0, 0, 1}}]),
    {ok, Port} = inet:port(Socket),
    ok = gen_udp:close(Socket),
    Own = setelement(?ENCODER, Handle, encoder(Encoding)),
    {ok, Udp} = megaco_udp:start_transport(),
    {ok, _, _} = megaco_udp:open(Udp, [{port, Port},
        {receive_handle, setelement(?CARRIER, Own, megaco_udp)}]),
    {ok, Tcp} = megaco_tcp:start_transport(),
    ok = megaco_tcp:listen(Tcp, [{port, Port},
        {receive_handle, setelement(?CARRIER, Own, megaco_tcp)}]),
    Port.

connect(megaco_udp, Host, Port, Handle) ->
    {ok, Transport} = megaco_udp:start_transport(),
    {ok, Open, Control} = megaco_udp:open(Transport, [{port, 0}, {receive_handle, Handle}]),
    {ok, Own} = inet:port(megaco_udp:socket(Open)),
    {ok, Address} = inet:parse_address(Host),
    {Own, megaco_udp:create_send_handle(Open, Address, Port), Control};
connect(megaco_tcp, Host, Port, Handle) ->
    {ok, Transport} = megaco_tcp:start_transport(),
    {ok, Open, Control} = megaco_tcp:connect(Transport,
        [{host, Host}, {port, Port}, {receive_handle, Handle}]),
    {ok, Own} = inet:port(megaco_tcp:socket(Open)),
    {Own, Open, Control}.

%% As megaco_simple_mg registers.
register_at(Connection) ->
    Action = {'ActionRequest', 0, asn1_NOVALUE, asn1_NOVALUE,
        [{'CommandRequest', {serviceChangeReq, {'ServiceChangeRequest', [?ROOT],
            {'ServiceChangeParm', restart, asn1_NOVALUE, asn1_NOVALUE, asn1_NOVALUE,
             ["901 Cold Boot"], asn1_NOVALUE, asn1_NOVALUE, asn1_NOVALUE, asn1_NOVALUE}}},
         asn1_NOVALUE, asn1_NOVALUE}]},
    megaco:call(Connection, [Action], []).
