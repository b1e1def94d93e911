%% OTP as controller of our gateway with physical Terminations, which is killed while it has Contexts:
%% ENCODING CARRIER VERSION. What it finds before and afterwards is said in the gateway's own words.
-module(otp_killed).
-export([main/1, answer/1]).
-import(otp_link, [expect/2, find/2, say/2]).

main([Encoding, Carrier, Version]) ->
    Port = otp_mgc:port(Carrier, 0),
    Link = otp_link:start(?MODULE, {ip4Address, {'IP4Address', [127, 0, 0, 1], Port}},
                          [Encoding, Carrier, Version]),
    otp_link:listen(Link, Port),
    say("listening 127.0.0.1:~w", [Port]),
    First = accepted(),
    shown(First, "Context=${Add=t/1/1{Media{LocalControl{Mode=SendReceive}}},Add=$}"),
    shown(First, "Context=${Add=line/1,Add=$}"),
    audits(First),
    say("contexts stand", []),
    forgotten(Carrier, Version, First),
    Again = accepted(),
    audits(Again),
    shown(Again, "Context=-{AuditValue=t/1/1{Audit{Media}}}"),
    shown(Again, "Context=${Add=t/1/1,Add=$}"),
    say("done", []),
    timer:sleep(infinity).

%% OTP refuses a registration in version 1 while it has a connection of another version, which by UDP
%% nothing ends but the controller itself.
forgotten("udp", Version, Connection) when Version =/= "1" ->
    expect(refused, fun(Code) -> Code =:= 406 end),
    megaco:disconnect(Connection, restarted);
forgotten(_, _, _) -> ok.

%% Waits for the registration of a gateway, and for what it says of one that is out of service.
accepted() ->
    Connection = changed(root),
    changed(other),
    timer:sleep(100),
    Connection.

changed(Whose) ->
    {Connection, Actions} = expect(request, fun({_, Actions}) -> whose(Actions) =:= Whose end),
    [Change] = find('ServiceChangeParm', Actions),
    %% In binary it is still as BER has it.
    Reason = string:find(lists:flatten(element(6, Change)), "9"),
    say("told ~s ~p \"~s\"", [name(Actions), element(2, Change), Reason]),
    Connection.

whose(Actions) ->
    case string:lowercase(name(Actions)) of "root" -> root; _ -> other end.

name(Actions) ->
    [{megaco_term_id, _, Levels} | _] = find(megaco_term_id, Actions),
    lists:flatten(lists:join("/", Levels)).

answer(Actions) ->
    [Change] = find('ServiceChangeParm', Actions),
    Text = case whose(Actions) of
        root -> io_lib:format("Services{Version=~w}", [element(4, Change)]);
        other -> none
    end,
    {now, discard_ack, reply(name(Actions), Text)}.

reply(Name, none) -> io_lib:format("Context=-{ServiceChange=~s}", [Name]);
reply(Name, Services) -> io_lib:format("Context=-{ServiceChange=~s{~s}}", [Name, Services]).

audits(Connection) ->
    [shown(Connection, Text) || Text <- [
        "Context=1{AuditValue=*{Audit{}}}",
        "Context=2{AuditValue=*{Audit{}}}",
        "Context=*{AuditValue=*{Audit{}}}",
        "Context=*{AuditValue=rtp/1{Audit{}}}",
        "Context=-{AuditValue=*{Audit{}}}"]].

%% Asks, and says the answer: by Context the Terminations, Modes and errors in it.
shown(Connection, Text) ->
    Version = megaco:conn_info(Connection, protocol_version),
    {_, Answer} = megaco:call(Connection, [otp_link:actions(Version, Text)], []),
    [{_, Replies}] = case Answer of [_ | _] -> Answer; One -> [One] end,
    say("~s: ~s", [Text, lists:join("; ", [reply_shown(Reply) || Reply <- Replies])]).

reply_shown(Reply) ->
    Names = [lists:flatten(lists:join("/", Levels)) ||
             {megaco_term_id, _, Levels} <- find(megaco_term_id, Reply)],
    Modes = [Mode || {'LocalControlDescriptor', Mode, _, _, _} <- find('LocalControlDescriptor', Reply)],
    Errors = [Code || {'ErrorDescriptor', Code, _} <- find('ErrorDescriptor', Reply)],
    io_lib:format("context ~s ~s~s~s", [context(element(2, Reply)), lists:join(" ", Names),
        [io_lib:format(" mode ~p", [Mode]) || Mode <- Modes],
        [io_lib:format(" error ~w", [Code]) || Code <- Errors]]).

context(0) -> "-";
context(16#FFFFFFFF) -> "*";
context(Id) -> integer_to_list(Id).
