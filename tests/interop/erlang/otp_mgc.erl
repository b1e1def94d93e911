%% OTP as controller of our gateway: ENCODING CARRIER VERSION PORT WHAT, a port of 0 meaning any.
%% WHAT is `first`, or what a controller does that has restarted: it waits until the gateway
%% comes back (`back`), or knows at which port it is and speaks to it (that number).
-module(otp_mgc).
-export([main/1, answer/1, mid/1, port/2]).
-import(otp_link, [call/2, expect/1, expect/2, find/2, say/2]).

-define(AUDIT, "Context=-{AuditValue=ROOT{Audit{Media,Packages}}}").

main([Encoding, Carrier, Version, Wanted, What]) ->
    Port = port(Carrier, list_to_integer(Wanted)),
    Link = otp_link:start(?MODULE, mid(Port), [Encoding, Carrier, Version]),
    Socket = otp_link:listen(Link, Port),
    say("listening 127.0.0.1:~w", [Port]),
    case What of
        "first" -> exchange(Link, Carrier);
        "back" -> back();
        _ ->
            Place = list_to_integer(What),
            audit(otp_link:open(Link, Socket, {mid(Place), Place}))
    end,
    say("done", []),
    attend().

mid(Port) -> {ip4Address, {'IP4Address', [127, 0, 0, 1], Port}}.

port(_, Port) when Port > 0 -> Port;
port("udp", 0) -> free(gen_udp, gen_udp:open(0, [{ip, {127, 0, 0, 1}}]));
port("tcp", 0) -> free(gen_tcp, gen_tcp:listen(0, [{ip, {127, 0, 0, 1}}])).

free(Carrier, {ok, Socket}) ->
    {ok, Port} = inet:port(Socket),
    Carrier:close(Socket),
    Port.

%% A registration takes a while, and the acknowledgement of the reply is asked for.
answer(Actions) ->
    case {find('NotifyRequest', Actions), find('ServiceChangeParm', Actions)} of
        {[_], []} -> {now, {handle_ack, notify}, "Context=-{Notify=ROOT}"};
        {[], [Change]} when element(4, Change) =:= asn1_NOVALUE ->
            {now, discard_ack, "Context=-{ServiceChange=ROOT}"};
        {[], [Change]} ->
            {later, {handle_ack, element(2, Change)}, io_lib:format(
                "Context=-{ServiceChange=ROOT{Services{Version=~w}}}", [element(4, Change)])}
    end.

%% Waits for a ServiceChange, and tells of it.
changed() ->
    {Connection, Actions} = expect(request, fun({_, Actions}) ->
        find('ServiceChangeParm', Actions) =/= []
    end),
    [Change] = find('ServiceChangeParm', Actions),
    {megaco_conn_handle, _, {ip4Address, {_, _, Port}}} = Connection,
    say("~p \"~s\" version ~p from port ~w",
        [element(2, Change), element(6, Change), element(4, Change), Port]),
    {Connection, element(2, Change)}.

acknowledged(What) ->
    expect(acknowledged, fun(Told) -> Told =:= {What, ok} end),
    say("the reply to ~p is acknowledged", [What]).

exchange(Link, Carrier) ->
    {Connection, restart} = changed(),
    expect(sent, fun(Octets) ->
        find('TransactionPending', otp_link:decoded(Link, Octets)) =/= []
    end),
    say("restart is answered with Pending", []),
    acknowledged(restart),
    audit(Connection),
    {Context, Termination} = add(Connection),
    modify(Connection, Context, Termination),
    keep_busy(#{link => Link, connection => Connection, carrier => Carrier}, Context, Termination),
    subtract(Connection, Context, Termination),
    watched(Connection),
    Length = otp_link:answered_alike(Link, Connection, ?AUDIT),
    say("a repeated request answered by the same ~w octets", [Length]),
    returned(Carrier, Connection).

audit(Connection) ->
    Replies = call(Connection, ?AUDIT),
    say("audited ROOT: ~w packages", [length(find('PackagesItem', Replies))]).

add(Connection) ->
    Replies = call(Connection,
        "Context=${Add=${Media{Stream=1{LocalControl{Mode=ReceiveOnly},"
        "Local{v=0\nc=IN IP4 $\nm=audio $ RTP/AVP 0\n}}}}}"),
    [Reply] = find('ActionReply', Replies),
    [{'AmmsReply', [{megaco_term_id, false, Levels}], _}] = find('AmmsReply', Reply),
    [Media] = [Value || {_, "m", [Value], _} <- find('PropertyParm', Reply)],
    {Context, Termination} = {element(2, Reply), lists:flatten(lists:join("/", Levels))},
    say("added ~s to context ~w with ~s", [Termination, Context, Media]),
    {Context, Termination}.

modify(Connection, Context, Termination) ->
    call(Connection, io_lib:format(
        "Context=~w{Modify=~s{Media{Stream=1{LocalControl{Mode=SendReceive},"
        "Remote{v=0\nc=IN IP4 127.0.0.1\nm=audio 9 RTP/AVP 0\n}}}}}", [Context, Termination])),
    say("modified ~s", [Termination]).

%% A gateway that is to say after 10 ms that it works on a request is asked for more at a time than
%% that is enough for. Only by TCP: by UDP its answers would be more than a socket holds.
keep_busy(#{carrier := "tcp"} = Here, Context, Termination) ->
    #{connection := Connection} = Here,
    normal(Connection, 10),
    Audit = io_lib:format("AuditValue=~s{Audit{Statistics}}", [Termination]),
    Audits = lists:join(",", lists:duplicate(30, Audit)),
    ask(Here, lists:duplicate(20, io_lib:format("Context=~w{~s}", [Context, Audits])), 20),
    normal(Connection, 500);
keep_busy(_, _, _) -> ok.

ask(#{link := Link, connection := Connection} = Here, Requests, Times) when Times > 0 ->
    [otp_link:drop(Kind) || Kind <- [wire, sent]],
    otp_link:call_all(Connection, Requests),
    Received = [otp_link:decoded(Link, Octets) || Octets <- otp_link:drop(wire)],
    case find('TransactionPending', Received) of
        [] -> ask(Here, Requests, Times - 1);
        Pendings ->
            expect(sent, fun(Octets) ->
                find('TransactionAck', otp_link:decoded(Link, Octets)) =/= []
            end),
            say("~w Pendings of the busy gateway, and a reply acknowledged", [length(Pendings)])
    end.

normal(Connection, Milliseconds) ->
    call(Connection, io_lib:format("Context=-{Modify=ROOT{Media{TerminationState{"
        "root/normalMGExecutionTime=~w}}}}", [Milliseconds])).

subtract(Connection, Context, Termination) ->
    Replies = call(Connection, io_lib:format("Context=~w{Subtract=~s}", [Context, Termination])),
    say("subtracted ~s with ~w statistics",
        [Termination, length(find('StatisticsParameter', Replies))]).

%% A silence of half a second is to be notified.
watched(Connection) ->
    call(Connection, "Context=-{Modify=ROOT{Events=7{it/ito{mit=50}}}}"),
    {_, Actions} = expect(request),
    [Observed] = find('ObservedEvent', Actions),
    say("notified of ~s", [element(2, Observed)]),
    acknowledged(notify),
    call(Connection, "Context=-{Modify=ROOT{Events=8{it/ito{mit=200}}}}").

%% A gateway notices by itself that a connection has ended.
returned("udp", _) -> ok;
returned("tcp", Connection) ->
    otp_link:close(Connection),
    back().

back() ->
    {Connection, disconnected} = changed(),
    acknowledged(disconnected),
    audit(Connection).

%% Whoever leaves has no connection any more, once it has its reply.
attend() ->
    {Connection, Method} = changed(),
    timer:sleep(100),
    case Method of
        forced ->
            megaco:disconnect(Connection, left),
            say("left", []);
        restart -> acknowledged(restart)
    end,
    attend().
